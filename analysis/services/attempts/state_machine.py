"""The state machine of background work: claim, finish, hand back, cancel, recover (:class:`analysis.models.Work`).

Each transition is one conditional UPDATE on ``status``, and on ``claim`` where a worker makes it. So two workers never
execute the same row, and a worker whose claim was taken over can no longer write. ``fields`` are further columns that a
kind of work sets. Runs, model jobs, transcripts, playback and robustness all use these functions.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db.models import F, Q
from django.utils import timezone

from analysis.querysets import WorkQuerySet

logger = logging.getLogger(__name__)

STALE_AFTER: Final = timedelta(seconds=30)
REPUBLISH_AFTER: Final = timedelta(seconds=60)
MAXIMUM_ATTEMPTS: Final = 3

Rows = WorkQuerySet[Any]


def work_claim(rows: Rows, row_id: UUID, **fields: Any) -> UUID | None:
    """Claim a queued row for this attempt; None when the row was deleted, is no longer queued or is claimed."""
    now = timezone.now()
    claim = uuid4()
    claimed = (
        rows.queued()
        .filter(pk=row_id)
        .update(
            status="running",
            claim=claim,
            attempts=F("attempts") + 1,
            started_at=now,
            heartbeat_at=now,
            stage="Starting",
            **fields,
        )
    )
    return claim if claimed else None


def work_finish(rows: Rows, row: Any, *, status: str, only_if_asked: bool = False, **fields: Any) -> bool:
    """Move a row from running to a final state, if this attempt still holds the claim; returns whether it did.

    Success is refused once cancellation was requested; ``only_if_asked`` requires that it was.
    """
    held = rows.running().filter(pk=row.pk, claim=row.claim)
    if only_if_asked:
        held = held.exclude(cancel_requested_at=None)
    elif status == "succeeded":
        held = held.filter(cancel_requested_at=None)
    finished = {"status": status, "stage": "", "finished_at": timezone.now(), **fields}
    return held.update(**finished) == 1


def work_stopped(
    rows: Rows, row: Any, *, hand_back: bool, cancelled: Mapping[str, Any], queued: Mapping[str, Any]
) -> None:
    """Record that the attempt was stopped.

    If cancellation was requested, the row is cancelled. Otherwise, with ``hand_back``, it is queued again and the
    attempt does not count. If the claim was taken over, nothing is written.
    """
    name = rows.model._meta.verbose_name
    if work_finish(rows, row, status="cancelled", only_if_asked=True, **cancelled):
        logger.info("%s %s was cancelled", name, row.pk)
    elif hand_back and _hand_back(rows, row, **queued):
        logger.warning("%s %s was handed back, because its worker is stopping or its turn is over", name, row.pk)
    else:
        logger.warning("%s %s was taken from this worker, which stops", name, row.pk)


def work_cancel(rows: Rows, row: Any, **fields: Any) -> None:
    """Cancel a queued row at once; ask the worker of a running one to stop. Idempotent."""
    now = timezone.now()
    asked = rows.filter(pk=row.pk)
    if not asked.queued().update(status="cancelled", cancel_requested_at=now, finished_at=now, stage="", **fields):
        asked.running().filter(cancel_requested_at=None).update(cancel_requested_at=now)
    row.refresh_from_db()


def work_recover(
    rows: Rows,
    *,
    publish: Callable[[UUID], object],
    final: Mapping[str, Any],
    failed: Mapping[str, Any],
    queued: Mapping[str, Any],
) -> list[UUID]:
    """Recover rows that are running without a heartbeat for 30 s; returns those that have failed.

    They go back to the queue, fail on the third attempt, or are cancelled if that was requested. ``final`` is set where
    a row ends, ``failed`` where it fails, ``queued`` where it goes back.
    """
    now, name = timezone.now(), rows.model._meta.verbose_name
    lost = []
    for row in rows.silent_since(now - STALE_AFTER):
        # Conditional on the same claim still being without a heartbeat: its worker or another reaper may have written.
        silent = rows.silent_since(now - STALE_AFTER).filter(pk=row.pk, claim=row.claim)
        ended = {"stage": "", "finished_at": now, **final}
        if row.cancel_requested_at is not None:
            silent.update(status="cancelled", **ended)
        elif row.attempts >= MAXIMUM_ATTEMPTS:
            if silent.update(status="failed", **ended, **failed):
                logger.error("%s %s was interrupted %d times and has failed", name, row.pk, row.attempts)
                lost.append(row.pk)
        elif silent.filter(cancel_requested_at=None).update(
            status="queued", claim=None, stage="", published_at=None, **queued
        ):
            logger.warning("%s %s lost its worker in attempt %d; queued again", name, row.pk, row.attempts)
            publish(row.pk)
    return lost


def work_overdue(rows: Rows, now: datetime) -> Rows:
    """Queued rows whose message was published more than a minute ago, or never; the oldest first."""
    before = now - REPUBLISH_AFTER
    overdue = Q(published_at__lt=before) | Q(published_at=None, created_at__lt=before)
    return rows.queued().filter(overdue).order_by("created_at")


def work_publish_idle(rows: Rows, *, publish: Callable[[UUID], object]) -> None:
    """Publish waiting rows again while no such work is running, because their messages must be lost."""
    if rows.running().exists():
        return
    for row in work_overdue(rows, timezone.now()):
        publish(row.pk)


def _hand_back(rows: Rows, row: Any, **fields: Any) -> bool:
    held = rows.running().filter(pk=row.pk, claim=row.claim, cancel_requested_at=None)
    back = {"status": "queued", "claim": None, "attempts": F("attempts") - 1, "stage": "", "published_at": None}
    return held.update(**back, **fields) == 1
