"""The summary of a room's live readings, kept for comparison with the report of its recording."""

from __future__ import annotations

from django.db import models

from analysis.querysets import RecordingPartQuerySet
from interviews.models import Identified


class LiveSummary(Identified):
    """The live readings of a room, summarised when its recording is stored; the readings themselves are then erased."""

    recording = models.OneToOneField("interviews.Recording", on_delete=models.CASCADE, related_name="live_summary")
    distributions = models.JSONField(
        default=dict, help_text="By modality: counts, shares and coverage 0..1, observed_s, versions."
    )
    metrics = models.JSONField(default=dict, help_text="By metric: value 0..1 or null, reason, coverage.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RecordingPartQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name_plural = "live summaries"

    def __str__(self) -> str:
        return f"live readings of recording {self.recording_id}"
