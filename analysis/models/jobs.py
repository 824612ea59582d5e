"""Background jobs on model versions, of minutes to hours: import of a file, evaluation, training."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.models.keys import Modality
from analysis.models.model_versions import ModelVersion
from analysis.models.work import FiveStates, Work
from analysis.querysets import ModelJobQuerySet


class ModelJob(Work, FiveStates):
    """One request of an administrator, executed on the queue ``training``. The row is authoritative, not the queue.

    The states and the arrows between them are those of :class:`analysis.models.AnalysisRun`: a worker claims the row
    by a conditional update and renews its heartbeat; a worker that lost its claim can no longer write.
    """

    class Kind(models.TextChoices):
        IMPORT = "import", "Import a file"
        EVALUATE = "evaluate", "Evaluate"
        TRAIN = "train", "Train"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    modality = models.CharField(max_length=32, choices=Modality.choices)
    model_version = models.ForeignKey(
        ModelVersion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="jobs",
        help_text="What is evaluated, or what the job made.",
    )
    options = models.JSONField(default=dict, blank=True, help_text="What was asked for, by the kind of the job.")
    upload = models.FileField(max_length=200, blank=True, help_text="The file to import, until the job has ended.")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    failure_reason = models.TextField(blank=True, help_text="One sentence for the administrator.")
    log = models.TextField(blank=True, help_text="What its programs wrote: the end of it, where it is long.")
    result = models.JSONField(default=dict, blank=True, help_text="What it found, by the kind of the job.")

    objects = ModelJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status", "created_at"], name="model_job_status_created")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="model_job_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0.0, progress__lte=1.0), name="model_job_progress_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.modality} ({self.status})"

    @property
    def is_resumable(self) -> bool:
        """Whether the job can be resumed. An import whose file was refused cannot, because the file is deleted."""
        ended_early = self.status in (self.Status.FAILED, self.Status.CANCELLED)
        return ended_early and (self.kind != self.Kind.IMPORT or bool(self.upload))
