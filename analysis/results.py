"""From what the pipeline found to the rows that a report is built of. Nothing here touches the database.

The service that stores a run and the command that prints a report without a server both build their rows here, so
that the same recording gives the same numbers in both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from analysis.models import AnalysisRun, MetricResult, ModalityResult
from analysis.nonverbal import metrics_compute
from analysis.pipeline import RecordingAnalysis
from ml.timeline import Timeline


def timelines_of(analysis: RecordingAnalysis) -> dict[str, Timeline]:
    """The timelines as they are stored and shown: times to the millisecond, probabilities to four digits.

    Everything is computed from these, so that a number in a report is what its shown intervals give, and stays the
    same when it is recomputed from the stored file.
    """
    return {key: Timeline.from_json(key, modality.timeline.to_json()) for key, modality in analysis.modalities.items()}


def media_info_of(analysis: RecordingAnalysis) -> dict[str, Any]:
    """Fields of :class:`ml.media.MediaInfo`, the file's ``sha256`` and how many faces were in view, as the run keeps
    them."""
    return {
        **dataclasses.asdict(analysis.info),
        "sha256": analysis.sha256 or "",
        "max_simultaneous_faces": int(analysis.faces["max_simultaneous"]),
    }


def modality_results_of(
    analysis: RecordingAnalysis, *, run: AnalysisRun, timelines: Mapping[str, Timeline]
) -> list[ModalityResult]:
    """One unsaved row per modality, without the link to its :class:`ModelVersion`."""
    results = []
    for key, modality in analysis.modalities.items():
        timeline = timelines[key]
        result = ModalityResult(
            run=run,
            modality=key,
            available=modality.available,
            reason=modality.reason,
            counts=timeline.counts(),
            shares=timeline.shares(),
            observed_s=timeline.observed_s,
            coverage=timeline.coverage(analysis.info.duration_s),
        )
        if modality.model is not None:
            result.model_name = modality.model.name
            result.model_version_label = modality.model.version
            result.model_sha256 = modality.model.sha256
        results.append(result)
    return results


def metric_results_of(
    *, run: AnalysisRun, timelines: Mapping[str, Timeline], questions_s: Sequence[float], duration_s: float
) -> list[MetricResult]:
    """One unsaved row per nonverbal metric for these question marks (seconds on the recording's clock)."""
    metrics = metrics_compute(timelines=timelines, questions_s=sorted(questions_s), duration_s=duration_s)
    return [
        MetricResult(
            run=run,
            metric=key,
            value=metric.value,
            reason=metric.reason,
            definition=metric.definition,
            coverage=metric.coverage,
            evidence=[dataclasses.asdict(evidence) for evidence in metric.evidence],
        )
        for key, metric in metrics.items()
    ]
