"""Which runs are in which state, and whose they are (the rule: :class:`interviews.querysets.ScopedQuerySet`)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db.models import Q

from interviews.querysets import Row, ScopedQuerySet

if TYPE_CHECKING:
    from analysis.models import AnalysisRun  # noqa: F401 - named in the base class
    from interviews.models import Interview


class AnalysisRunQuerySet(ScopedQuerySet["AnalysisRun"]):
    organization_path = "recording__interview__organization"

    def of_interview(self, interview: Interview) -> Self:
        """All runs of an interview's recordings, the latest first."""
        return self.filter(recording__interview=interview).order_by("-created_at", "-id")

    def active(self) -> Self:
        return self.filter(status__in=self.model.ACTIVE)

    def queued(self) -> Self:
        return self.filter(status=self.model.Status.QUEUED)

    def running(self) -> Self:
        return self.filter(status=self.model.Status.RUNNING)

    def succeeded(self) -> Self:
        return self.filter(status=self.model.Status.SUCCEEDED)

    def silent_since(self, moment: datetime) -> Self:
        """Running rows whose worker has not been heard of since ``moment``."""
        return self.running().filter(Q(heartbeat_at__lt=moment) | Q(heartbeat_at__isnull=True))


class RunPartQuerySet(ScopedQuerySet[Row]):
    """Rows that hang on a run: results of modalities and metrics."""

    organization_path = "run__recording__interview__organization"
