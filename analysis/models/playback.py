"""How a recording is played in browsers: its playable copy and its poster."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from analysis.models.work import FiveStates, Work
from analysis.querysets import PlaybackQuerySet


class Playback(Work, FiveStates):
    """The request for a recording's playable copy and poster, and both files. One per recording, on the queue
    ``playback``.

    The states and transitions are those of :class:`analysis.models.AnalysisRun`. A row that has ended can be queued
    again: for another poster, or for a copy of what a browser could not play. The files that it has stay until new ones
    take their place.
    """

    recording = models.OneToOneField("interviews.Recording", on_delete=models.CASCADE, related_name="playback")
    reason = models.TextField(blank=True, help_text="Why it failed: one sentence for the recruiter.")
    obstacle = models.TextField(
        blank=True, help_text="Why browsers do not play the original: one sentence; empty if they do."
    )
    copy = models.FileField(max_length=200, blank=True, help_text="What the player plays in place of the original.")
    poster = models.FileField(max_length=200, blank=True, help_text="One picture of the recording, as JPEG.")
    poster_at_s = models.FloatField(
        null=True, blank=True, help_text="The second that the poster shows; empty for one that the program chooses."
    )

    objects = PlaybackQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name = "playback"
        verbose_name_plural = "playback"
        indexes = [models.Index(fields=["status", "created_at"], name="playback_status_created")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="playback_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0.0, progress__lte=1.0), name="playback_progress_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"playback {self.id} ({self.status})"

    @property
    def needs_copy(self) -> bool:
        """Whether a copy is still to be made."""
        return bool(self.obstacle) and not self.copy
