"""Nothing is lost when a worker or a message is. The queue may forget; the rows do not."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.queue import run_publish
from analysis.timelines import timelines_delete

logger = logging.getLogger(__name__)
Status = AnalysisRun.Status

STALE_AFTER: Final = timedelta(seconds=30)
REPUBLISH_AFTER: Final = timedelta(seconds=60)
MAXIMUM_ATTEMPTS: Final = 3
INTERRUPTED: Final = (
    "The analysis was interrupted three times before it could finish, for example because the server ran out of "
    "memory. The recording is kept; you can try again."
)


def runs_reap() -> None:
    """Pick up what dead workers and lost messages left behind; the scheduler calls this every 10 seconds.

    - running without a heartbeat for 30 s: back to queued and published again; failed on the third attempt;
      cancelled when that had been asked for;
    - queued, but its message is gone, or a stopping worker handed it back: published again, at most once a minute.
    """
    now = timezone.now()
    for run in AnalysisRun.objects.silent_since(now - STALE_AFTER):
        _run_recover(run, now)
    for run in _runs_forgotten(now):
        logger.info("run %s is still queued after its message should have been taken; publishing it again", run.pk)
        run_publish(run.pk)


def _run_recover(run: AnalysisRun, now: datetime) -> None:
    # Conditional on the same claim still being silent: its worker, or another reaper, may have been quicker.
    row = AnalysisRun.objects.silent_since(now - STALE_AFTER).filter(pk=run.pk, claim=run.claim)
    final = {"stage": "", "remaining_s": None, "finished_at": now}
    if run.cancel_requested_at is not None:
        row.update(status=Status.CANCELLED, **final)
    elif run.attempts >= MAXIMUM_ATTEMPTS:
        if row.update(status=Status.FAILED, failure_reason=INTERRUPTED, **final):
            logger.error("run %s was interrupted %d times and has failed", run.pk, run.attempts)
            timelines_delete(run.pk)
    elif row.filter(cancel_requested_at=None).update(
        status=Status.QUEUED, claim=None, stage="", progress=0.0, remaining_s=None, published_at=None
    ):
        logger.warning("run %s lost its worker in attempt %d; queued again", run.pk, run.attempts)
        run_publish(run.pk)


def _runs_forgotten(now: datetime) -> list[AnalysisRun]:
    """Queued runs whose message cannot simply be waiting its turn.

    While workers are busy with earlier runs, waiting is normal: publishing every waiting run once a minute would
    flood the queue. A message is taken for lost when nothing is running, or when a run published later was started.
    """
    overdue = AnalysisRun.objects.queued().filter(
        Q(published_at__lt=now - REPUBLISH_AFTER) | Q(published_at=None, created_at__lt=now - REPUBLISH_AFTER)
    )
    workers_busy = AnalysisRun.objects.running().exists()
    latest_started = (
        AnalysisRun.objects.exclude(started_at=None)
        .exclude(published_at=None)
        .order_by("-published_at")
        .values_list("published_at", flat=True)
        .first()
    )
    return [
        run
        for run in overdue.order_by("created_at")
        if run.published_at is None
        or not workers_busy
        or (latest_started is not None and latest_started > run.published_at)
    ]
