"""Transcripts of recordings: the request, its sentences, and manual corrections."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from analysis.models.work import Work
from analysis.querysets import TranscriptPartQuerySet, TranscriptQuerySet
from interviews.models import Identified


class Transcript(Work):
    """The transcript of a recording, or the request for it, executed on the queue ``transcript``. One per recording.

    The states and transitions are those of :class:`analysis.models.AnalysisRun`, with one more final state:
    ``refused``, when the speech is not recognisable as English and no transcript is made. A transcript that failed, was
    cancelled or refused can be requested again, and starts again in the same row.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        REFUSED = "refused", "Refused"

    ACTIVE: ClassVar = frozenset({Status.QUEUED, Status.RUNNING})
    TERMINAL: ClassVar = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.REFUSED})

    recording = models.OneToOneField("interviews.Recording", on_delete=models.CASCADE, related_name="transcript")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    reason = models.TextField(blank=True, help_text="Why it failed or was refused: one sentence for the recruiter.")

    model_name = models.CharField(max_length=100, blank=True)
    model_version = models.CharField(max_length=100, blank=True)
    model_sha256 = models.CharField("SHA-256 of the model", max_length=64, blank=True)
    guard = models.JSONField(default=dict, blank=True, help_text="Seconds of speech, and how much was readable.")
    timing = models.JSONField(default=dict, blank=True, help_text="wall_s, realtime_factor")

    objects = TranscriptQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["status", "created_at"], name="transcript_status_created")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed", "cancelled", "refused"]),
                name="transcript_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0.0, progress__lte=1.0), name="transcript_progress_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"transcript {self.id} ({self.status})"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE


class TranscriptSentence(Identified):
    """One sentence, or a stretch of speech that was not recognised. The recognised text never changes."""

    transcript = models.ForeignKey(Transcript, on_delete=models.CASCADE, related_name="sentences")
    position = models.PositiveIntegerField(help_text="From 0, in the order of the recording.")
    start_s = models.FloatField()
    end_s = models.FloatField()
    text = models.TextField(blank=True, help_text="As recognised; empty where it was not readable.")
    readable = models.BooleanField(default=True)
    reason = models.TextField(blank=True, help_text="Why it was not readable.")

    correction = models.TextField(blank=True, help_text="What a person wrote in its place.")
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    corrected_at = models.DateTimeField(null=True, blank=True)

    objects = TranscriptPartQuerySet.as_manager()

    class Meta:
        ordering = ["transcript", "position"]
        constraints = [
            models.UniqueConstraint(fields=["transcript", "position"], name="one_sentence_per_position"),
            models.CheckConstraint(
                condition=Q(start_s__gte=0, end_s__gte=F("start_s")), name="sentence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(correction="", corrected_by=None, corrected_at=None)
                | ~Q(correction="") & Q(corrected_by__isnull=False, corrected_at__isnull=False),
                name="correction_has_an_author",
            ),
        ]

    def __str__(self) -> str:
        return self.shown_text or "not readable"

    @property
    def shown_text(self) -> str:
        return self.correction or self.text
