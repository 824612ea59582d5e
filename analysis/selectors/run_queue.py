"""The order of the queue: fair by organization (round robin), and when a waiting run is expected to start."""

from __future__ import annotations

import heapq
import statistics
from collections import defaultdict
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.utils import timezone

from analysis.models import AnalysisRun

Status = AnalysisRun.Status
RECENT_RUNS: Final = 20
"""Succeeded runs from which the seconds of work per second of recording are taken."""


def run_queue() -> list[UUID]:
    """The queued runs, in the order in which workers take them.

    Round robin over organizations: first who has fewest runs ahead (running ones count), then whose latest run started
    longest ago, then the oldest request. Within an organization the oldest comes first.
    """
    organization = "recording__interview__organization"
    waiting = AnalysisRun.objects.queued().order_by("created_at", "pk").values_list("pk", organization)
    by_organization: dict[int, list[UUID]] = defaultdict(list)
    requested: dict[UUID, int] = {}
    for place, (run_id, owner) in enumerate(waiting):
        by_organization[owner].append(run_id)
        requested[run_id] = place
    latest = dict(
        AnalysisRun.objects.filter(**{f"{organization}__in": list(by_organization)})
        .values_list(organization)
        .annotate(Max("started_at"))
        .values_list(organization, "started_at__max")
    )
    running = dict(
        AnalysisRun.objects.running()
        .values_list(organization)
        .annotate(Count("pk"))
        .values_list(organization, "pk__count")
    )
    turns = [
        (
            running.get(owner, 0) + place,
            moment.timestamp() if (moment := latest.get(owner)) else 0.0,
            requested[run_id],
            run_id,
        )
        for owner, run_ids in by_organization.items()
        for place, run_id in enumerate(run_ids)
    ]
    return [run_id for *_, run_id in sorted(turns)]


def run_waiting(*, run: AnalysisRun) -> dict[str, Any]:
    """``queue_position``, 1 for the run that a worker takes next, and ``starts_in_s``, the estimated seconds.

    Both are None unless the run is queued; the estimate also while no worker is busy, and before any run has succeeded.
    """
    queue = run_queue() if run.status == Status.QUEUED else []
    if run.pk not in queue:
        return {"queue_position": None, "starts_in_s": None}
    ahead = queue[: queue.index(run.pk)]
    return {"queue_position": len(ahead) + 1, "starts_in_s": _starts_in_s(ahead)}


def _starts_in_s(ahead: list[UUID]) -> float | None:
    """The busy workers take the runs ahead one after the other; a run takes as long as recent ones by the second."""
    rate = _work_per_second()
    if rate is None:
        return None
    now = timezone.now()
    free_in_s = []
    for busy in AnalysisRun.objects.running().select_related("recording"):
        spent_s = (now - busy.started_at).total_seconds() if busy.started_at else 0.0
        left_s = busy.remaining_s if busy.remaining_s is not None else busy.recording.duration_s * rate - spent_s
        free_in_s.append(max(0.0, left_s))
    if not free_in_s:
        return None
    heapq.heapify(free_in_s)
    duration_s = dict(AnalysisRun.objects.filter(pk__in=ahead).values_list("pk", "recording__duration_s"))
    for run_id in ahead:
        heapq.heapreplace(free_in_s, free_in_s[0] + duration_s.get(run_id, 0.0) * rate)
    return round(free_in_s[0], 1)


def _work_per_second() -> float | None:
    """Seconds of work for a second of recording: the median of recent runs; None before the first."""
    recent = (
        AnalysisRun.objects.succeeded()
        .filter(Q(recording__duration_s__gt=0), started_at__isnull=False, finished_at__gt=F("started_at"))
        .order_by("-finished_at")
        .values_list("started_at", "finished_at", "recording__duration_s")[:RECENT_RUNS]
    )
    rates = [
        (finished - started).total_seconds() / duration_s
        for started, finished, duration_s in recent
        if started is not None and finished is not None  # for the types: the query has asked
    ]
    return statistics.median(rates) if rates else None
