"""Makes the lane file of a run from its timelines."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from analysis.lane_files import lane_file_exists, lane_file_write
from analysis.models import AnalysisRun
from analysis.reporting.timeline_summary import run_pieces
from analysis.timelines import timelines_read
from ml.timeline import Timeline

logger = logging.getLogger(__name__)


def lane_file_ensure(*, run: AnalysisRun) -> None:
    """Make the lane file of a succeeded run, unless it is there. About 10 s of processor time for three hours.

    Raises :class:`analysis.timelines.TimelinesError` when the timelines cannot be read.
    """
    name = run.timeline_file.name or ""
    if name and lane_file_exists(name):
        return
    stored = timelines_read(name, with_probabilities=True)
    lane_file_write(name, run_pieces(timelines=stored.timelines, duration_s=stored.duration_s))


def lane_file_prepare(*, timeline_file: str, timelines: Mapping[str, Timeline], duration_s: float) -> None:
    """Make the lane file before anybody asks for it. A failure is logged: the file is made on demand too."""
    try:
        lane_file_write(timeline_file, run_pieces(timelines=timelines, duration_s=duration_s))
    except Exception:
        logger.exception("no lane file could be made beside %s", timeline_file)
