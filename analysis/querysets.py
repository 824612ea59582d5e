"""Querysets by state and by owner (see :class:`interviews.querysets.InterviewPartQuerySet`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from interviews.querysets import InterviewPartQuerySet, Row

if TYPE_CHECKING:
    # Named in the base classes.
    from analysis.models import AnalysisRun, Canary, ModelJob, ModelVersion, Playback, Robustness, Transcript  # noqa: F401
    from interviews.models import Interview


class WorkQuerySet(models.QuerySet[Row]):
    """Rows of :class:`analysis.models.Work`; the methods are named like its states."""

    def active(self) -> Self:
        return self.filter(status__in=("queued", "running"))

    def queued(self) -> Self:
        return self.filter(status="queued")

    def running(self) -> Self:
        return self.filter(status="running")

    def succeeded(self) -> Self:
        return self.filter(status="succeeded")

    def silent_since(self, moment: datetime) -> Self:
        """Running rows without a heartbeat since ``moment``."""
        return self.running().filter(Q(heartbeat_at__lt=moment) | Q(heartbeat_at__isnull=True))


class AnalysisRunQuerySet(WorkQuerySet["AnalysisRun"], InterviewPartQuerySet["AnalysisRun"]):  # type: ignore[override]
    interview_path = "recording__interview"

    def of_interview(self, interview: Interview) -> Self:
        """All runs of an interview's recordings, the latest first."""
        return self.filter(recording__interview=interview).order_by("-created_at", "-id")


class TranscriptQuerySet(WorkQuerySet["Transcript"], InterviewPartQuerySet["Transcript"]):  # type: ignore[override]
    interview_path = "recording__interview"


class PlaybackQuerySet(WorkQuerySet["Playback"], InterviewPartQuerySet["Playback"]):  # type: ignore[override]
    interview_path = "recording__interview"


class RobustnessQuerySet(WorkQuerySet["Robustness"], InterviewPartQuerySet["Robustness"]):  # type: ignore[override]
    interview_path = "run__recording__interview"


class TranscriptPartQuerySet(InterviewPartQuerySet[Row]):
    """Rows that belong to a transcript: its sentences."""

    interview_path = "transcript__recording__interview"


class ModelJobQuerySet(WorkQuerySet["ModelJob"]):
    """Jobs belong to the installation, as the versions do."""


class RunPartQuerySet(InterviewPartQuerySet[Row]):
    """Rows that belong to a run: results of modalities and metrics."""

    interview_path = "run__recording__interview"


class ModelVersionQuerySet(models.QuerySet["ModelVersion"]):
    """The registry belongs to the installation, not to an organization: administrators see all of it."""

    def active(self) -> Self:
        return self.filter(status=self.model.Status.ACTIVE)

    def in_service(self) -> Self:
        """Active, or on trial: the versions that new runs may use."""
        on_trial = Q(canaries__isnull=False, canaries__ended_at=None)
        return self.filter(Q(status=self.model.Status.ACTIVE) | on_trial).distinct()


class CanaryQuerySet(models.QuerySet["Canary"]):
    def running(self) -> Self:
        return self.filter(ended_at=None)


class RecordingPartQuerySet(InterviewPartQuerySet[Row]):
    """Rows that belong to a recording: summaries of live readings."""

    interview_path = "recording__interview"
