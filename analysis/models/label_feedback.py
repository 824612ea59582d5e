"""What people say about labels that were read. It changes no reading."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from analysis.models.keys import Modality
from analysis.querysets import RecordingPartQuerySet
from interviews.models import Identified, Recording, User


class LabelFeedback(Identified):
    """Somebody's view of a stretch: what was read there is not so, and perhaps what is.

    ``label_read``: the label that the run had read for most of the stretch; empty where it read nothing.
    """

    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="label_feedback")
    modality = models.CharField(max_length=32, choices=Modality.choices)
    start_s = models.FloatField()
    end_s = models.FloatField()
    label_read = models.CharField(max_length=32, blank=True)
    label_right = models.CharField(max_length=32, blank=True, help_text="Empty: only that it is not what was read.")
    model_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the version that read it.")
    comment = models.CharField(max_length=500, blank=True)
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="label_feedback")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RecordingPartQuerySet.as_manager()

    class Meta:
        ordering = ("start_s", "created_at")
        verbose_name_plural = "label feedback"
        constraints = (
            models.CheckConstraint(
                condition=Q(start_s__gte=0, end_s__gt=F("start_s")), name="label_feedback_is_about_a_stretch"
            ),
        )

    def __str__(self) -> str:
        return f"not {self.label_read}" if not self.label_right else f"{self.label_right}, not {self.label_read}"
