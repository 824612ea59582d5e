"""The heartbeat of a running attempt: writes its progress, and detects that it should stop."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import Any, Final, Generic, Self
from uuid import UUID

from django.db import DatabaseError, connection
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.pipeline import Progress
from analysis.querysets import WorkQuerySet
from interviews.querysets import Row

logger = logging.getLogger(__name__)

INTERVAL_S = 1.0


class RemainingTime:
    """Estimates the remaining seconds from elapsed time and finished fraction, exponentially smoothed."""

    SMOOTHING: Final = 0.3
    MINIMUM_FRACTION: Final = 0.02
    """Below this fraction, start-up time (loading networks) dominates and no estimate is given."""

    def __init__(self) -> None:
        self._started = self._last = time.monotonic()
        self._remaining_s: float | None = None

    def update(self, fraction: float) -> float | None:
        """``fraction`` is 0..1; returns seconds, or None while there is no estimate."""
        now = time.monotonic()
        if fraction < self.MINIMUM_FRACTION:
            return None
        measured_s = (now - self._started) * (1.0 - fraction) / fraction
        if self._remaining_s is None:
            self._remaining_s = measured_s
        else:
            expected_s = max(0.0, self._remaining_s - (now - self._last))
            self._remaining_s = (1 - self.SMOOTHING) * expected_s + self.SMOOTHING * measured_s
        self._last = now
        return round(self._remaining_s, 1)


class RowHeartbeat(Generic[Row]):
    """Context manager around an attempt; a thread with its own database connection writes the row every second.

    The write is conditional on the claim and on no cancellation being requested. When no row matches, the attempt has
    to stop: :meth:`should_stop` becomes true and stays true.
    """

    def __init__(self, *, rows: WorkQuerySet[Row], row_id: UUID, claim: UUID) -> None:
        self._rows = rows.running().filter(pk=row_id, claim=claim, cancel_requested_at=None)
        self._row_id = row_id
        self._stage = ""
        self._fraction = 0.0
        self._finished = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat_until_finished, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finished.set()
        self._thread.join()

    def report(self, progress: Progress) -> None:
        """Stored at the next beat. The fraction never decreases."""
        self._stage = progress.stage
        self._fraction = min(1.0, max(self._fraction, progress.fraction))

    def should_stop(self) -> bool:
        return self._stop.is_set()

    def fields(self) -> dict[str, Any]:
        """The fields that the next beat writes."""
        return {"heartbeat_at": timezone.now(), "stage": self._stage, "progress": self._fraction}

    def _beat_until_finished(self) -> None:
        try:
            while not self._finished.wait(INTERVAL_S):
                self._beat()
        finally:
            connection.close()

    def _beat(self) -> None:
        try:
            alive = self._rows.update(**self.fields())
        except DatabaseError:
            # A busy or restarting database must not discard an hour of work. If the outage lasts, the reaper takes
            # the claim, and the conditional write at the end fails.
            logger.warning("%s: heartbeat could not be written", self._row_id, exc_info=True)
            connection.close()
            return
        if not alive:
            self._stop.set()


class Heartbeat(RowHeartbeat[AnalysisRun]):
    """The heartbeat of a run, which also writes the estimated remaining time."""

    def __init__(self, *, run_id: UUID, claim: UUID) -> None:
        super().__init__(rows=AnalysisRun.objects.all(), row_id=run_id, claim=claim)
        self._remaining_time = RemainingTime()

    def fields(self) -> dict[str, Any]:
        return super().fields() | {"remaining_s": self._remaining_time.update(self._fraction)}
