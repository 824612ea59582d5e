"""Deletes the analyses of an interview with all their results and files."""

from __future__ import annotations

import logging
from functools import partial

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from analysis.lane_files import lane_file_name
from analysis.models import AnalysisRun
from analysis.timelines import FOLDER, timelines_delete
from interviews.models import Interview
from interviews.services.erasing import database_knew
from interviews.services.uploads import STRAY_AFTER

logger = logging.getLogger(__name__)


def runs_delete(*, interview: Interview) -> None:
    """Delete all runs of an interview with their results, and their timeline files once that is committed.

    A worker that is executing one of them finds no row at its next heartbeat, and stops.
    """
    with transaction.atomic():
        # Take locks in the same order as a finishing run, to avoid a deadlock.
        Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
        runs = AnalysisRun.objects.of_interview(interview)
        run_ids = list(runs.values_list("pk", flat=True))
        runs.delete()
        for run_id in run_ids:
            transaction.on_commit(partial(timelines_delete, run_id))


def timelines_sweep() -> int:
    """Remove timeline files older than a day that no run refers to (left by a crash); returns how many."""
    try:
        folders, _ = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    known = set(AnalysisRun.objects.exclude(timeline_file="").values_list("timeline_file", flat=True))
    known |= {lane_file_name(name) for name in known}
    if not known and not database_knew(timezone.now() - STRAY_AFTER):
        return 0
    # A run that succeeded at the first attempt wrote exactly one file, so its folder needs no hourly check.
    whole = AnalysisRun.objects.succeeded().filter(attempts=1).values_list("pk", flat=True)
    before = timezone.now() - STRAY_AFTER
    removed = 0
    for folder in sorted(set(folders) - {str(pk) for pk in whole}):
        for file in default_storage.listdir(f"{FOLDER}/{folder}")[1]:
            name = f"{FOLDER}/{folder}/{file}"
            if name not in known and default_storage.get_modified_time(name) < before:
                logger.warning("No run names %s; it is removed", name)
                default_storage.delete(name)
                removed += 1
    return removed
