"""Nothing of an analysis stays when its interview goes."""

from __future__ import annotations

from functools import partial

from django.db import transaction

from analysis.models import AnalysisRun
from analysis.timelines import timelines_delete
from interviews.models import Interview


def runs_delete(*, interview: Interview) -> None:
    """Delete all runs of an interview with their results, and their timeline files once that is committed.

    A worker that is executing one of them finds no row at its next heartbeat, and stops.
    """
    with transaction.atomic():
        runs = AnalysisRun.objects.of_interview(interview)
        run_ids = list(runs.values_list("pk", flat=True))
        runs.delete()
        for run_id in run_ids:
            transaction.on_commit(partial(timelines_delete, run_id))
