"""Recovery of runs whose worker or message was lost. The rows are authoritative, not the queue."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.queue import run_publish
from analysis.services.attempts.state_machine import work_overdue, work_recover
from analysis.services.runs.telling import run_tell
from analysis.timelines import timelines_delete

logger = logging.getLogger(__name__)

INTERRUPTED: Final = (
    "The analysis was interrupted three times before it could finish, for example because the server ran out of "
    "memory. The recording is kept; you can try again."
)


def runs_reap() -> None:
    """Recover runs of dead workers and lost messages; the scheduler calls this every 10 seconds.

    - running without a heartbeat for 30 s: back to queued and published again; failed on the third attempt;
      cancelled if that was requested;
    - queued, but its message is lost, or a stopping worker handed it back: published again, at most once a minute.
    """
    lost = work_recover(
        AnalysisRun.objects.all(),
        publish=run_publish,
        final={"remaining_s": None},
        failed={"failure_reason": INTERRUPTED},
        queued={"progress": 0.0, "remaining_s": None},
    )
    for run_id in lost:
        timelines_delete(run_id)
    for run in AnalysisRun.objects.filter(pk__in=lost).select_related("recording__interview__owner", "requested_by"):
        run_tell(run=run, status=run.status)
    for run in _runs_forgotten(timezone.now()):
        logger.info("run %s is still queued after its message should have been taken; publishing it again", run.pk)
        run_publish(run.pk)


def _runs_forgotten(now: datetime) -> list[AnalysisRun]:
    """Queued runs that have no message, or whose message must be lost because nothing is running.

    While workers are busy, waiting is normal, and publishing every waiting run once a minute would flood the queue. The
    message of another run starts it in its turn.
    """
    workers_busy = AnalysisRun.objects.running().exists()
    return [run for run in work_overdue(AnalysisRun.objects.all(), now) if run.published_at is None or not workers_busy]
