"""The notices that organizations wrote: versions that are added and never changed."""

from typing import Any

from django.db import models

from interviews.models.people import Organization, User
from interviews.querysets import AppendOnlyQuerySet


class NoticeVersion(models.Model):
    """An organization's own texts of the notice (:mod:`interviews.notice`). The highest number is shown."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="notices")
    number = models.PositiveIntegerField(help_text="From 1; 0 stands for the defaults.")
    texts = models.JSONField(default=dict, help_text="By part; an empty one is filled by its default.")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=("organization", "number"), name="notice_number_once"),)

    def __str__(self) -> str:
        return f"notice {self.number} of {self.organization}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **{**kwargs, "force_insert": True})
