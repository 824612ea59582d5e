"""Readings of a run relative to the person's own baseline, where that option is on."""

from __future__ import annotations

from analysis.metrics.baseline import Calm, Relative, relatives_compute
from analysis.models import AnalysisRun
from analysis.timelines import TimelinesError, timelines_read


def run_calm(*, run: AnalysisRun) -> dict[str, Calm]:
    """The calm stretch of each modality; empty while the option is off."""
    return {modality: Calm(**calm) for modality, calm in run.options.get("baseline", {}).items()}


def run_relatives(*, run: AnalysisRun) -> dict[str, Relative]:
    """Every emotion modality relative to its baseline, from the stored timelines; empty when these cannot be read."""
    try:
        timelines = timelines_read(run.timeline_file.name or "", with_probabilities=True).timelines
    except TimelinesError:
        return {}
    references = {
        result.modality: result.model_version.manifest.get("neutral", ())
        for result in run.modalities.select_related("model_version")
        if result.model_version is not None
    }
    return relatives_compute(timelines=timelines, calm=run_calm(run=run), references=references)
