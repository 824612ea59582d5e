"""From what the pipeline found to the rows that a report is built of. Nothing here touches the database.

The service that stores a run and the command that prints a report without a server both build their rows here, so
that the same recording gives the same numbers in both.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis.metrics.definitions import metrics_compute
from analysis.models import AnalysisRun, MetricResult, ModalityResult, ModelVersion, ShadowResult
from analysis.pipeline import RecordingAnalysis
from ml.timeline import Timeline

CONFIDENCE_BINS: Final = 10


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
            **confidences_of(timeline),
        )
        if modality.model is not None:
            result.model_name = modality.model.name
            result.model_version_label = modality.model.version
            result.model_sha256 = modality.model.sha256
        results.append(result)
    return results


def shadow_results_of(
    analysis: RecordingAnalysis,
    *,
    run: AnalysisRun,
    timelines: Mapping[str, Timeline],
    versions: Mapping[str, ModelVersion],
) -> list[ShadowResult]:
    """One unsaved row per modality that a shadow read, compared with ``timelines``, which made the report.

    ``versions`` are the shadows that were asked for; one whose weights could not be used has a row that says so.
    """
    results = []
    for key, version in versions.items():
        shadow = analysis.shadows.get(key)
        timeline = Timeline.from_json(key, shadow.timeline.to_json()) if shadow is not None else Timeline(key, ())
        compared_s, agreed_s = agreement_of(timelines[key], timeline)
        results.append(
            ShadowResult(
                run=run,
                modality=key,
                model_version=version,
                available=shadow is not None and shadow.available,
                reason=shadow.reason if shadow is not None else "The weights of this version could not be used.",
                counts=timeline.counts(),
                shares=timeline.shares(),
                observed_s=timeline.observed_s,
                compared_s=compared_s,
                agreement=agreed_s / compared_s if compared_s else None,
                **confidences_of(timeline),
            )
        )
    return results


def confidences_of(timeline: Timeline) -> dict[str, Any]:
    """``mean_confidence`` over the observed time (0..1, None without any) and ``confidence_histogram``: observed
    seconds per tenth of confidence."""
    seconds = [0.0] * CONFIDENCE_BINS
    sum_s = 0.0
    for observation in timeline.observations:
        if observation.is_observed:
            seconds[min(int(observation.confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1)] += observation.duration_s
            sum_s += observation.confidence * observation.duration_s
    observed_s = sum(seconds)
    return {
        "mean_confidence": sum_s / observed_s if observed_s else None,
        "confidence_histogram": [round(second, 3) for second in seconds],
    }


def agreement_of(one: Timeline, other: Timeline) -> tuple[float, float]:
    """Seconds that both observed, and those of them in which both gave the same label."""
    ours = [o for o in one.observations if o.is_observed]
    theirs = [o for o in other.observations if o.is_observed]
    compared_s = agreed_s = 0.0
    i = j = 0
    while i < len(ours) and j < len(theirs):
        shared_s = min(ours[i].end_s, theirs[j].end_s) - max(ours[i].start_s, theirs[j].start_s)
        if shared_s > 0:
            compared_s += shared_s
            agreed_s += shared_s if ours[i].label == theirs[j].label else 0.0
        if ours[i].end_s <= theirs[j].end_s:
            i += 1
        else:
            j += 1
    return compared_s, agreed_s


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
