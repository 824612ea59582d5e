"""Compares two analyses of one recording: shares, metrics, coverage, and their differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404

from analysis.models import AnalysisRun, MetricKey, Modality
from analysis.reporting.left_out import left_out_json
from analysis.reporting.report import report_build
from analysis.selectors.runs import get_run, run_state
from interviews.selectors import Viewer
from interviews.selectors.policy import interview_policy


def get_run_pair(user: Viewer, before_id: UUID | str, after_id: UUID | str) -> tuple[AnalysisRun, AnalysisRun]:
    """Two succeeded runs of one interview. Raises ``Http404`` for anything else, also for one run twice."""
    before, after = get_run(user, before_id), get_run(user, after_id)
    same_interview = before.recording.interview_id == after.recording.interview_id
    succeeded = all(run.status == AnalysisRun.Status.SUCCEEDED for run in (before, after))
    if before == after or not same_interview or not succeeded:
        raise Http404
    return before, after


def runs_compare(*, before: AnalysisRun, after: AnalysisRun) -> dict[str, Any]:
    """The results of two succeeded runs of an interview, and their differences.

    ``before`` and ``after``: the runs' states. ``modalities``, in the report's order: ``key``, ``model_changed``,
    ``before`` and ``after`` (as in a report, without counts), and ``shares``: per label ``label``, ``before``,
    ``after`` and ``difference``. ``metrics``: ``key``, ``before``, ``after`` (value, reason, definition, coverage)
    and ``difference``. A number that one side lacks is None there, and so is its difference. ``changes`` lists the
    differences between the two runs, as sentences. ``left_out``: as in a report.
    """
    policy = interview_policy(interview=after.recording.interview)
    reports = [
        report_build(run=run, modalities=run.modalities.all(), metrics=run.metrics.all(), policy=policy)
        for run in (before, after)
    ]
    modalities = [
        _modality_compared(key, *(report["modalities"][key] for report in reports))
        for key in Modality.values
        if all(key in report["modalities"] for report in reports)
    ]
    metrics = [
        _metric_compared(key, *(report["metrics"][key] for report in reports))
        for key in MetricKey.values
        if all(key in report["metrics"] for report in reports)
    ]
    return {
        "before": run_state(run=before),
        "after": run_state(run=after),
        "modalities": modalities,
        "metrics": metrics,
        "changes": _changes(before, after, modalities, metrics),
        "left_out": left_out_json(policy),
    }


def _modality_compared(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("available", "reason", "observed_s", "coverage", "enough", "model")
    labels = dict.fromkeys([*before["shares"], *after["shares"]])
    return {
        "key": key,
        "model_changed": _sha256(before) != _sha256(after),
        "before": {field: before[field] for field in fields},
        "after": {field: after[field] for field in fields},
        "shares": [{"label": label, **_pair(_share(before, label), _share(after, label))} for label in labels],
    }


def _metric_compared(key: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("value", "reason", "definition", "coverage")
    return {
        "key": key,
        "before": {field: before[field] for field in fields},
        "after": {field: after[field] for field in fields},
        "difference": _pair(before["value"], after["value"])["difference"],
    }


def _pair(before: float | None, after: float | None) -> dict[str, float | None]:
    difference = None if before is None or after is None else round(after - before, 4)
    return {"before": before, "after": after, "difference": difference}


def _share(modality: Mapping[str, Any], label: str) -> float | None:
    """None where nothing was observed, because a share of zero seconds is undefined."""
    return modality["shares"].get(label, 0.0) if modality["available"] and modality["observed_s"] else None


def _sha256(modality: Mapping[str, Any]) -> str:
    return modality["model"]["sha256"] if modality["model"] else ""


def _changes(
    before: AnalysisRun, after: AnalysisRun, modalities: list[dict[str, Any]], metrics: list[dict[str, Any]]
) -> list[str]:
    sentences = []
    if before.recording_id != after.recording_id:
        sentences.append("The two analyses are of different recordings of this interview.")
    for modality in modalities:
        name = Modality(modality["key"]).label
        if modality["model_changed"]:
            sentences.append(f"{name}: {_model_name(modality['before'])}, then {_model_name(modality['after'])}.")
    if before.options != after.options:
        sentences.append(
            f"Frames analysed per second: {before.options.get('fps', 'default')}, then "
            f"{after.options.get('fps', 'default')}."
        )
    definitions = {(metric["before"]["definition"], metric["after"]["definition"]) for metric in metrics}
    sentences += [f"Definition of the metrics: {old}, then {new}." for old, new in sorted(definitions) if old != new]
    return sentences or ["Both analyses used the same model versions and settings."]


def _model_name(modality: Mapping[str, Any]) -> str:
    model = modality["model"]
    return f"{model['version']} ({model['sha256'][:12]})" if model else "no model ran"
