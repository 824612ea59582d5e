"""Manifests, evaluations and drift of model versions as text for the administrators' pages.

Pure functions of plain data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis.model_quality.drift import Drift, Period
from analysis.model_quality.floors import FLOORS, headline_of
from analysis.models import ModelVersion
from analysis.reporting.model_figures import latency, model_size, percent_exact, thousands
from interviews.formatting import MISSING

HEADLINE_FIGURES: Final = 3
"""Number of figures of a manifest in the list."""
HEATS: Final = 5
"""Strengths of shading in a confusion matrix, besides none."""
CURVE_SIZE: Final = 200
"""Side of the calibration curve, in the units of its picture."""

_ACRONYMS: Final = {
    "uar": "UAR", "ece": "ECE", "f1": "F1", "fer2013": "FER2013", "ravdess": "RAVDESS", "ferplus": "FER+",
}  # fmt: skip


def figures_present(figures: Mapping[str, Any]) -> list[dict[str, str]]:
    """``[{"name": "speaker independent UAR", "text": "36.2 %"}, …]`` in the order of the manifest."""
    return [
        {"name": " ".join(_ACRONYMS.get(word, word) for word in key.split("_")), "text": figure_text(key, value)}
        for key, value in figures.items()
    ]


def figure_text(key: str, value: Any) -> str:
    """Shares as per cent with a decimal, calibration errors and counts as numbers, what is missing as a dash."""
    if value is None or isinstance(value, bool):
        return MISSING
    if isinstance(value, int):
        return thousands(value)
    if isinstance(value, float):
        return f"{value:.3f}" if key.rsplit("_", 1)[-1] == "ece" else percent_exact(value)
    return str(value)


def headline_figures(version: ModelVersion) -> list[dict[str, str]]:
    """The main figures of a version for a list, from its evaluation, or else from its manifest."""
    headline = headline_of(version.evaluation)
    if headline:
        return [
            {"name": name, "text": figure_text(key, headline.get(key))}
            for key, name in (("uar", "UAR"), ("accuracy", "accuracy"), ("ece", "ECE"))
        ]
    return figures_present(version.manifest.get("figures", {}))[:HEADLINE_FIGURES]


def evaluation_present(evaluation: Mapping[str, Any]) -> dict[str, Any] | None:
    """A stored evaluation (:class:`ml.training.evaluation.EvaluationRecord`): ``measured`` rows, the ``headline`` with
    recalls and confusion matrix, and the calibration ``curve``; None when nothing is stored."""
    headline = headline_of(evaluation)
    if not headline:
        return None
    return {
        "measured": [measurement_present(measured) for measured in evaluation["measured"]],
        "headline": {**measurement_present(headline), "confusion": confusion_present(headline)},
        "curve": curve_present(evaluation.get("reliability") or []),
        "calibration": evaluation.get("calibration") or {},
        "notes": evaluation.get("notes") or {},
    }


def measurement_present(measured: Mapping[str, Any]) -> dict[str, Any]:
    low, high = measured.get("accuracy_interval") or (None, None)
    return {
        "title": measured.get("title", ""),
        "note": measured.get("note", ""),
        "n": measured.get("n"),
        "accuracy": percent_exact(measured.get("accuracy")),
        "interval": f"{percent_exact(low)} to {percent_exact(high)}" if low is not None else "",
        "macro_f1": percent_exact(measured.get("macro_f1")),
        "uar": percent_exact(measured.get("uar")),
        "ece": figure_text("ece", measured.get("ece")),
        "recalls": [
            {"label": label, "text": percent_exact(recall)}
            for label, recall in (measured.get("per_class_recall") or {}).items()
        ],
    }


def confusion_present(measured: Mapping[str, Any]) -> dict[str, Any]:
    """Confusion matrix: rows = truth, columns = prediction; each cell with its share of the row and its shading."""
    labels = measured.get("labels") or []
    rows = []
    for truth, counts in zip(labels, measured.get("confusion") or [], strict=False):
        total = sum(counts)
        shares = [count / total if total else 0.0 for count in counts]
        cells = [
            {"count": count, "share": share, "heat": round(share * HEATS), "is_hit": label == truth}
            for label, count, share in zip(labels, counts, shares, strict=False)
        ]
        rows.append({"label": truth, "total": total, "cells": cells})
    return {"labels": labels, "rows": rows}


def curve_present(reliability: Sequence[Sequence[float]]) -> dict[str, Any] | None:
    """The calibration curve as points of a square picture and as rows; None when nothing is stored.

    ``reliability`` has, per bin of confidence (about a tenth): share of all examples, mean confidence, accuracy.
    """
    if not reliability:
        return None
    rows = [{"share": share, "confidence": confidence, "accuracy": right} for share, confidence, right in reliability]
    points = [
        {"x": round(CURVE_SIZE * row["confidence"], 1), "y": round(CURVE_SIZE * (1 - row["accuracy"]), 1)}
        for row in rows
    ]
    return {
        "size": CURVE_SIZE,
        "rows": rows,
        "points": [
            {**point, "radius": round(2 + 8 * row["share"], 1)} for point, row in zip(points, rows, strict=True)
        ],
        "line": " ".join(f"{point['x']},{point['y']}" for point in points),
    }


def drift_present(drift: Drift) -> dict[str, Any]:
    """Both periods side by side: ``labels`` and ``confidences`` as rows of shares, with the sentence."""
    first, recent = drift.at_activation, drift.recent
    bands = range(max(len(first.confidences), len(recent.confidences)))
    return {
        "warning": drift.warning,
        "note": drift.note,
        "first": first,
        "recent": recent,
        "label_index": drift.label_index,
        "confidence_index": drift.confidence_index,
        "labels": [
            {"name": label.replace("_", " "), "first": _label(first, label), "recent": _label(recent, label)}
            for label in dict.fromkeys([*first.labels, *recent.labels])
        ],
        "confidences": [
            {
                "name": f"{10 * i} to {10 * (i + 1)}\N{NO-BREAK SPACE}%",
                "first": _band(first, i),
                "recent": _band(recent, i),
            }
            for i in bands
        ],
    }


def comparison_present(version: ModelVersion, active: ModelVersion | None) -> list[dict[str, str]]:
    """The figures of candidate and active version for a decision: rows of ``name``, ``candidate`` and ``active``."""

    def row(name: str, of: Any) -> dict[str, str]:
        return {"name": name, "candidate": of(version), "active": of(active) if active else MISSING}

    def figure(key: str) -> Any:
        return lambda shown: figure_text(key, headline_of(shown.evaluation).get(key))

    floor = FLOORS.get(version.modality)
    rows = [
        row("Version", lambda shown: f"{shown.name}, {shown.version}"),
        row("Measured on", lambda shown: headline_of(shown.evaluation).get("title") or "not evaluated"),
        row("Examples", figure("n")),
        row("Unweighted average recall", figure("uar")),
        row("Accuracy", figure("accuracy")),
        row("Macro-F1", figure("macro_f1")),
        row("Calibration error", figure("ece")),
        row("Time of one prediction", lambda shown: latency(shown.latency_ms)),
        row("Size", lambda shown: model_size(shown.size_bytes)),
        row("Parameters", lambda shown: thousands(shown.manifest.get("parameters"))),
        row("Labels", lambda shown: ", ".join(shown.manifest.get("labels", [])) or MISSING),
        row("Data", lambda shown: shown.manifest.get("data") or MISSING),
        row("Terms", lambda shown: shown.manifest.get("licence") or MISSING),
    ]
    if floor:
        minimum = percent_exact(floor.minimum)
        rows.insert(4, {"name": "Floor for activation", "candidate": minimum, "active": minimum})
    return rows


def _label(period: Period, label: str) -> float | None:
    return period.labels.get(label, 0.0) if period.labels else None


def _band(period: Period, band: int) -> float | None:
    return period.confidences[band] if band < len(period.confidences) else None


def options_present(options: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The options of a job, as names and texts; unset options are omitted."""
    return [
        (name.capitalize(), ", ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in options.items()
        if value not in (None, "", [], {})
    ]
