"""Builds the JSON of a report, for the API, the report page and ``analyze_video``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from analysis.metrics.baseline import Relative
from analysis.metrics.definitions import V1
from analysis.models import AnalysisRun, MetricKey, MetricResult, Modality, ModalityResult
from analysis.reporting.left_out import left_out_json
from interviews.policy import Decision
from ml.class_prior import ClassPrior
from ml.timeline import Timeline

STATEMENT: Final = (
    "These numbers describe behaviour on one recording, as far as the recognisers could see and hear it. They do not "
    "measure a person's character, honesty, ability or suitability, and are no ground for a decision by themselves."
)


def report_build(
    *,
    run: AnalysisRun,
    modalities: Iterable[ModalityResult],
    metrics: Iterable[MetricResult],
    relatives: Mapping[str, Relative] | None = None,
    policy: Decision | None = None,
) -> dict[str, Any]:
    """The report of a finished run, from rows that may or may not be saved. Never touches the database.

    Keys: ``recording``, ``modalities`` (by modality), ``metrics`` (by metric), ``people`` (whom the recording shows),
    ``notes`` (sentences on the analysed and omitted parts), ``left_out``,
    ``timing`` and ``statement``. Seconds have three decimals;
    shares, coverage and values lie in 0..1 and have four. ``relatives`` (by modality, where that option is on) are the
    readings relative to the person's own baseline. They are added to the original readings, from which the metrics are
    always computed. What ``policy`` does not allow is missing, also where it was stored, and in ``left_out`` with its
    rule.
    """
    by_modality = {r.modality: r for r in modalities if policy is None or policy.allows(r.modality)}
    metrics = [r for r in metrics if policy is None or policy.allows(r.metric)]
    return {
        "recording": recording_json(run.media_info),
        "modalities": {
            key: modality_json(by_modality[key], relative=(relatives or {}).get(key))
            for key in Modality.values
            if key in by_modality
        },
        "metrics": metrics_json(metrics),
        "people": run.media_info.get("people", []),
        "notes": notes_on(run.media_info),
        "left_out": left_out_json(policy),
        "timing": {key: round(run.timing[key], 3) for key in ("wall_s", "decode_s", "realtime_factor")},
        "statement": STATEMENT,
    }


def notes_on(media_info: Mapping[str, Any]) -> list[str]:
    """Notes on the recording as a whole. Analyses without the people in view have one on several faces instead."""
    notes: list[str] = list(media_info.get("notes", ()))
    faces = media_info.get("max_simultaneous_faces", 0)
    if "people" not in media_info and faces >= 2:
        notes.append(
            f"Up to {faces} faces were in view at once. Only the candidate's was read: the one that was largest over "
            "the recording."
        )
    return notes


def recording_json(media_info: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "duration_s": round(media_info["duration_s"], 3),
        "fps": round(media_info["fps"], 3),
        "width": media_info["width"],
        "height": media_info["height"],
        "has_audio": media_info["has_audio"],
        "sha256": media_info["sha256"],
    }


def modality_json(result: ModalityResult, *, relative: Relative | None = None) -> dict[str, Any]:
    has_model = bool(result.model_sha256)
    return {
        "available": result.available,
        "reason": result.reason,
        "counts": result.counts,
        "shares": {label: round(share, 4) for label, share in result.shares.items()},
        "observed_s": round(result.observed_s, 3),
        "coverage": round(result.coverage, 4),
        "enough": V1.is_enough(result.modality, observed_s=result.observed_s, coverage=result.coverage),
        "gaps_s": gap_seconds_json(result),
        "model": {
            "name": result.model_name,
            "version": result.model_version_label,
            "sha256": result.model_sha256,
        }
        if has_model
        else None,
        "class_prior": class_prior_json(result),
        **({"relative": relative_json(relative)} if relative is not None else {}),
    }


def class_prior_json(result: ModalityResult) -> dict[str, Any] | None:
    """The class prior that the probabilities were corrected for, by label; None where they are as the network gives
    them."""
    if result.class_prior is None:
        return None
    prior = ClassPrior.from_json(result.class_prior)
    labels = list(result.shares)
    return {
        "training": dict(zip(labels, prior.training, strict=True)),
        "use": dict(zip(labels, prior.use, strict=True)),
        "source": prior.source,
    }


def gap_seconds_json(result: ModalityResult) -> dict[str, float]:
    """Seconds without a reading by reason, the longest first. Empty in reports older than this column."""
    ordered = sorted(result.gaps_s.items(), key=lambda item: -item[1])
    return {reason: round(seconds, 3) for reason, seconds in ordered}


def relative_json(relative: Relative) -> dict[str, Any]:
    """The distribution relative to the person's baseline, or why there is none."""
    calm, timeline = relative.calm, relative.timeline
    return {
        "available": timeline is not None,
        "reason": relative.reason,
        "calm": calm
        and {"start_s": round(calm.start_s, 3), "end_s": round(calm.end_s, 3), "is_marked": calm.is_marked},
        "weight": round(relative.weight, 4),
        "counts": timeline.counts() if timeline else {},
        "shares": {label: round(share, 4) for label, share in timeline.shares().items()} if timeline else {},
    }


def metric_json(result: MetricResult) -> dict[str, Any]:
    return {
        "value": None if result.value is None else round(result.value, 4),
        "reason": result.reason,
        "definition": result.definition,
        "coverage": None if result.coverage is None else round(result.coverage, 4),
        "evidence": [
            {
                **evidence,
                "start_s": round(evidence["start_s"], 3),
                "end_s": round(evidence["end_s"], 3),
                # Reports of earlier versions have no groups.
                "spans": [[round(start_s, 3), round(end_s, 3)] for start_s, end_s in evidence.get("spans", ())],
            }
            for evidence in result.evidence
        ],
    }


def metrics_json(metrics: Iterable[MetricResult]) -> dict[str, Any]:
    """The ``metrics`` part of a report alone, in the report's order."""
    by_metric = {result.metric: result for result in metrics}
    return {key: metric_json(by_metric[key]) for key in MetricKey.values if key in by_metric}


def intervals_json(timeline: Timeline) -> list[list[Any]]:
    """``[start_s, end_s, label, confidence]`` per observation, enough to recompute the metrics by hand."""
    return [[round(o.start_s, 3), round(o.end_s, 3), o.label, round(o.confidence, 4)] for o in timeline.observations]


def gaps_json(timeline: Timeline) -> list[list[Any]]:
    """``[start_s, end_s, reason]`` per stretch without a reading; ``reason`` is a key of :mod:`ml.gaps`."""
    return [[round(gap.start_s, 3), round(gap.end_s, 3), gap.reason] for gap in timeline.gaps]


def timelines_json(*, duration_s: float, timelines: Mapping[str, Timeline]) -> dict[str, Any]:
    """Lanes for the player: ``duration_s`` and, per modality, its labels, intervals and gaps."""
    return {
        "duration_s": round(duration_s, 3),
        "modalities": {
            key: {
                "labels": list(timelines[key].labels),
                "intervals": intervals_json(timelines[key]),
                "gaps": gaps_json(timelines[key]),
            }
            for key in Modality.values
            if key in timelines
        },
    }
