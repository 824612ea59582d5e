"""Converts the pipeline's results to unsaved rows, from which a report is built. Nothing here touches the database.

The service that stores a run and the command that prints a report without a server both build their rows here, so
that the same recording gives the same numbers in both.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from analysis.metrics.computing import metrics_compute
from analysis.metrics.definitions import CONFIDENCE, METRICS, POTENTIAL_LIE
from analysis.models import AnalysisRun, MetricResult, ModalityResult, ModelVersion, ShadowResult
from analysis.pipeline import ModalityAnalysis, RecordingAnalysis
from analysis.reasons import NARROW_BAND_VOICE
from ml.timeline import Timeline

logger = logging.getLogger(__name__)

CONFIDENCE_BINS: Final = 10
VOICE_METRICS: Final = (CONFIDENCE, POTENTIAL_LIE)


@dataclass(frozen=True, slots=True)
class RunResults:
    """All results of one analysis, as unsaved rows of ``run`` beside the ``timelines`` that they were computed from.

    ``media_info`` has the fields of :class:`ml.media.info.MediaInfo`, the file's ``sha256``,
    ``max_simultaneous_faces``, the ``notes`` and the ``people``. ``pictures``: a JPEG file of each of them, by number.
    """

    run: AnalysisRun
    timelines: dict[str, Timeline]
    duration_s: float
    media_info: dict[str, Any]
    modalities: list[ModalityResult]
    shadows: list[ShadowResult]
    pictures: dict[int, bytes]

    def metrics(self, questions_s: Sequence[float], *, metrics: Collection[str] = METRICS) -> list[MetricResult]:
        """One unsaved row for each of the ``metrics`` for these question marks, in seconds on the recording's clock."""
        return metric_results_of(
            run=self.run,
            timelines=self.timelines,
            questions_s=questions_s,
            duration_s=self.duration_s,
            narrow_band=self.media_info["narrow_band"],
            metrics=metrics,
        )


def results_of(
    analysis: RecordingAnalysis,
    *,
    run: AnalysisRun,
    versions: Mapping[str, ModelVersion] | None = None,
    shadows: Mapping[str, ModelVersion] | None = None,
) -> RunResults:
    """The rows of ``run``, computed from the timelines as they are stored (:meth:`ml.timeline.Timeline.rounded`), so
    that recomputing from the stored file gives the same numbers.

    ``versions`` and ``shadows``: the versions chosen for the run, by modality.
    """
    timelines = {key: modality.timeline.rounded() for key, modality in analysis.modalities.items()}
    duration_s = analysis.info.duration_s
    return RunResults(
        run=run,
        timelines=timelines,
        duration_s=duration_s,
        media_info={
            **dataclasses.asdict(analysis.info),
            "sha256": analysis.sha256 or "",
            "max_simultaneous_faces": int(analysis.faces["max_simultaneous"]),
            "narrow_band": analysis.narrow_band,
            "notes": list(analysis.notes),
            "people": _people_json(analysis),
        },
        modalities=[
            _modality_result(run, key, modality, timelines[key], duration_s, (versions or {}).get(key))
            for key, modality in analysis.modalities.items()
        ],
        shadows=[
            _shadow_result(run, key, version, analysis.shadows.get(key), timelines[key])
            for key, version in (shadows or {}).items()
        ],
        pictures={person.number: person.picture for person in analysis.people},
    )


def metric_results_of(
    *,
    run: AnalysisRun,
    timelines: Mapping[str, Timeline],
    questions_s: Sequence[float],
    duration_s: float,
    narrow_band: bool,
    metrics: Collection[str] = METRICS,
) -> list[MetricResult]:
    """One unsaved row for each of the ``metrics`` for these question marks (seconds on the recording's clock). What
    rests on the voice is marked where the sound is ``narrow_band``."""
    computed = metrics_compute(
        timelines=timelines, questions_s=sorted(questions_s), duration_s=duration_s, metrics=metrics
    )
    return [
        MetricResult(
            run=run,
            metric=key,
            value=metric.value,
            reason=metric.reason or (NARROW_BAND_VOICE if narrow_band and key in VOICE_METRICS else ""),
            definition=metric.definition,
            coverage=metric.coverage,
            evidence=[dataclasses.asdict(evidence) for evidence in metric.evidence],
        )
        for key, metric in computed.items()
    ]


def _people_json(analysis: RecordingAnalysis) -> list[dict[str, Any]]:
    """What is stored of each of them in the run, without the pictures."""
    return [
        {
            "number": person.number,
            "kind": "still_picture" if person.is_still else "person",
            "first_s": round(person.first_s, 3),
            "last_s": round(person.last_s, 3),
            "live_s": round(person.live_s, 3),
            "still_s": round(person.still_s, 3),
            "at_s": round(person.at_s, 3),
            "box": [round(share, 4) for share in person.box],
            "is_candidate": person.is_candidate,
            "is_close": person.is_close,
        }
        for person in analysis.people
    ]


def _modality_result(
    run: AnalysisRun,
    key: str,
    modality: ModalityAnalysis,
    timeline: Timeline,
    duration_s: float,
    version: ModelVersion | None,
) -> ModalityResult:
    """The row refers to the chosen ``version`` only if its weights made the timeline; their hash is always kept."""
    result = ModalityResult(
        run=run,
        modality=key,
        available=modality.available,
        reason=modality.reason,
        counts=timeline.counts(),
        shares=timeline.shares(),
        observed_s=timeline.observed_s,
        coverage=timeline.coverage(duration_s),
        gaps_s=timeline.gap_seconds(),
        class_prior=modality.class_prior and modality.class_prior.to_json(),
        **confidences_of(timeline),
    )
    if modality.model is not None:
        result.model_name = modality.model.name
        result.model_version_label = modality.model.version
        result.model_sha256 = modality.model.sha256
    if version is not None and version.sha256 == result.model_sha256:
        result.model_version = version
    elif version is not None and result.model_sha256:
        logger.error("run %s: %s was not read by the chosen version", run.pk, key)
    return result


def _shadow_result(
    run: AnalysisRun, key: str, version: ModelVersion, shadow: ModalityAnalysis | None, reported: Timeline
) -> ShadowResult:
    """Shadow result, compared with the timeline ``reported``; for unusable weights a row with the reason."""
    timeline = shadow.timeline.rounded() if shadow is not None else Timeline(key, ())
    compared_s, agreed_s = agreement_of(reported, timeline)
    return ShadowResult(
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
    """Seconds observed by both, and those among them with the same label."""
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
