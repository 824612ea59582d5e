"""The option to read a run relative to the person's own baseline: stored with the run, computed when it is shown."""

from __future__ import annotations

import math
from typing import Any

from django.db import transaction

from analysis.metrics.baseline import ENOUGH_S, SOURCES, Calm, calm_stretches
from analysis.models import AnalysisRun
from analysis.services.errors import BaselineRefused
from analysis.timelines import timelines_read

KEY = "baseline"
NOT_READ = "This analysis has not succeeded, so there is nothing to compare with."


def baseline_set(*, run: AnalysisRun, start_s: float, end_s: float) -> AnalysisRun:
    """Read a succeeded run relative to a calm stretch that the recruiter marked, for face, eyes and voice alike.

    Raises :class:`BaselineRefused` when the stretch is too short or lies outside the recording.
    """
    if run.status != AnalysisRun.Status.SUCCEEDED:
        raise BaselineRefused(NOT_READ)
    duration_s = float(run.media_info.get("duration_s", 0.0))
    if not (math.isfinite(start_s) and math.isfinite(end_s) and 0 <= start_s < end_s <= duration_s + 0.5):
        raise BaselineRefused(f"The calm stretch must lie within the recording, which lasts {duration_s:.1f} s.")
    if end_s - start_s < ENOUGH_S:
        raise BaselineRefused(f"A calm stretch must last {ENOUGH_S:.0f} s or more.")
    marked = Calm(start_s, min(end_s, duration_s), is_marked=True)
    return _write(run, dict.fromkeys(SOURCES, marked))


def baseline_find(*, run: AnalysisRun) -> AnalysisRun:
    """Read a succeeded run relative to the calm stretches that can be found at its beginning.

    Raises :class:`BaselineRefused` when there is none, :class:`analysis.timelines.TimelinesError` when the timelines
    cannot be read.
    """
    if run.status != AnalysisRun.Status.SUCCEEDED:
        raise BaselineRefused(NOT_READ)
    found = calm_stretches(timelines_read(run.timeline_file.name or "", with_probabilities=True).timelines)
    if not found:
        raise BaselineRefused(
            "No calm stretch was found at the beginning of this recording. Mark one, in which the person is at rest."
        )
    return _write(run, found)


def baseline_clear(*, run: AnalysisRun) -> AnalysisRun:
    """Turn the option off: show the readings without a baseline."""
    return _write(run, {})


def _write(run: AnalysisRun, calm: dict[str, Calm]) -> AnalysisRun:
    with transaction.atomic():
        held = AnalysisRun.objects.select_for_update(of=("self",)).succeeded().filter(pk=run.pk).first()
        if held is None:
            raise BaselineRefused(NOT_READ)
        options: dict[str, Any] = {key: value for key, value in held.options.items() if key != KEY}
        if calm:
            options[KEY] = {
                modality: {"start_s": c.start_s, "end_s": c.end_s, "is_marked": c.is_marked}
                for modality, c in calm.items()
            }
        held.options = options
        held.save(update_fields=["options"])
    run.options = options
    return run
