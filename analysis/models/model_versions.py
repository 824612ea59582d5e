"""The registry of model versions: their status, trials and change log."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.models.keys import Modality
from analysis.querysets import CanaryQuerySet, ModelVersionQuerySet
from interviews.models import Identified
from interviews.querysets import AppendOnlyQuerySet


class ModelVersion(Identified):
    """A version of a recogniser's weights that was registered in this installation, identified by its hash.

    ::

        candidate --activate--> active --another one is activated, or retire--> retired
            |                     ^                                                |
            +------- retire ------|-----------------> retired                      |
                                  +----------- activate again, or rollback --------+

    At most one version of a modality is active. New runs use it, unless a :class:`Canary` applies. The database refuses
    to delete a version that a run or a result refers to.
    """

    class Status(models.TextChoices):
        CANDIDATE = "candidate", "Candidate"
        ACTIVE = "active", "Active"
        RETIRED = "retired", "Retired"

    class Source(models.TextChoices):
        SHIPPED = "shipped", "Shipped with Candor"
        UPLOADED = "uploaded", "Uploaded"
        TRAINED = "trained", "Trained here"

    modality = models.CharField(max_length=32, choices=Modality.choices)
    name = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    source = models.CharField(max_length=16, choices=Source.choices, default=Source.SHIPPED)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.CANDIDATE)
    manifest = models.JSONField(default=dict, help_text="The manifest as it stood beside the weights.")
    evaluation = models.JSONField(
        default=dict, blank=True, help_text="The stored evaluation (ml.training.evaluation.Stored); empty without one."
    )
    latency_ms = models.FloatField(null=True, blank=True, help_text="Of one prediction, as measured at registration.")
    size_bytes = models.PositiveBigIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    activated_at = models.DateTimeField(null=True, blank=True, help_text="When it last came into service.")
    problem = models.TextField(blank=True, help_text="Why its weights cannot be used, as a sentence; empty if whole.")
    checked_at = models.DateTimeField(null=True, blank=True, help_text="When its weights were last verified.")

    objects = ModelVersionQuerySet.as_manager()

    class Meta:
        ordering = ["modality", "name", "version", "created_at"]
        constraints = [
            models.UniqueConstraint(fields=["modality", "version", "sha256"], name="model_version_is_unique"),
            models.UniqueConstraint(
                fields=["modality"], condition=Q(status="active"), name="one_active_version_per_modality"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["candidate", "active", "retired"]), name="model_version_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.modality} {self.version}"

    @property
    def label(self) -> str:
        """The version as written in logs: ``paper-v1 (175b72f75850)``."""
        return f"{self.version} ({self.sha256[:12]})"

    @property
    def is_active(self) -> bool:
        return self.status == self.Status.ACTIVE


class Canary(Identified):
    """A trial: a candidate makes the reports of one organization, or of a share of all new runs, before it is active.

    The active version reads the same recordings as shadow, so that the two can be compared. A trial ends on request, or
    when its version becomes active or is retired.
    """

    modality = models.CharField(max_length=32, choices=Modality.choices)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="canaries")
    organization = models.ForeignKey(
        "interviews.Organization",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose runs; empty: everybody's.",
    )
    share = models.FloatField(default=1.0, help_text="Of the new runs, above 0 up to 1.")
    reason = models.TextField(blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    started_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CanaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "canaries"
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(condition=Q(share__gt=0.0, share__lte=1.0), name="canary_share_is_a_share"),
            models.UniqueConstraint(
                fields=["modality", "organization"],
                condition=Q(ended_at=None),
                name="one_running_canary_per_organization",
            ),
            models.UniqueConstraint(
                fields=["modality"],
                condition=Q(ended_at=None, organization=None),
                name="one_running_canary_for_everybody",
            ),
        ]

    def __str__(self) -> str:
        return f"trial of {self.model_version_id} from {self.started_at:%Y-%m-%d}"


class ModelChange(Identified):
    """One entry of the change log, written in the transaction of the change itself. Never changed, never deleted.

    Names are copied, so an entry stays complete after its person or version was deleted.
    """

    class Action(models.TextChoices):
        REGISTERED = "registered", "Registered"
        SHIPPED = "shipped", "Put in service by an update"
        ACTIVATED = "activated", "Activated"
        ROLLED_BACK = "rolled_back", "Rolled back"
        RETIRED = "retired", "Retired"
        DELETED = "deleted", "Deleted"
        EVALUATED = "evaluated", "Evaluated"
        CANARY_STARTED = "canary_started", "Trial started"
        CANARY_ENDED = "canary_ended", "Trial ended"

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    by_name = models.CharField(max_length=254, help_text="Who it was; “system” for Candor itself.")
    action = models.CharField(max_length=16, choices=Action.choices)
    modality = models.CharField(max_length=32, choices=Modality.choices)
    old_version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    old_label = models.CharField(max_length=120, blank=True)
    new_version = models.ForeignKey(ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    new_label = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["modality", "-at"], name="model_change_latest")]

    def __str__(self) -> str:
        return (
            f"{self.at:%Y-%m-%d %H:%M} {self.by_name}: {self.get_action_display()} {self.new_label or self.old_label}"
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A line of the change log is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("A line of the change log is never deleted.")
