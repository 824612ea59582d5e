"""How far the numbers of a run move when its recording is corrupted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.models.runs import AnalysisRun
from analysis.models.work import FiveStates, Work
from analysis.querysets import RobustnessQuerySet
from interviews.models import Recording


class Robustness(Work, FiveStates):
    """The corruption robustness of a run's numbers, or the request for it. One per run, on the queue ``robustness``.

    The states and transitions are those of :class:`analysis.models.AnalysisRun`. A row that has ended can be queued
    again. It is deleted with its run.
    """

    run = models.OneToOneField(AnalysisRun, on_delete=models.CASCADE, related_name="robustness")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    reason = models.TextField(blank=True, help_text="Why it failed: one sentence for the reviewer.")
    stretches = models.JSONField(default=list, blank=True, help_text="[start_s, end_s] of what was measured.")
    questions_s = models.JSONField(default=list, blank=True, help_text="The question marks that the metrics are for.")
    own = models.JSONField(
        default=dict, blank=True, help_text="The run's own readings in the stretches (analysis.metrics.excerpts)."
    )
    corrupted = models.JSONField(
        default=dict, blank=True, help_text="The readings of each corrupted copy, by corruption."
    )

    objects = RobustnessQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "robustness"
        verbose_name_plural = "robustness"
        indexes = [models.Index(fields=["status", "created_at"], name="robustness_status_created")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="robustness_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0.0, progress__lte=1.0), name="robustness_progress_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"robustness of run {self.run_id} ({self.status})"

    @property
    def recording(self) -> Recording:
        return self.run.recording
