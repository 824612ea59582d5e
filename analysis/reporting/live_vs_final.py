"""Compares the live readings of a room with the report of its recording. Pure functions of plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from analysis.models import LiveSummary, MetricKey, Modality
from interviews.formatting import percent

STATEMENT: Final = (
    "The live readings come from the pictures and the sound that reached the server during the call, a few each second "
    "and without looking back. The report reads the recording as a whole and is what counts."
)


def live_difference(*, summary: LiveSummary, report: Mapping[str, Any]) -> dict[str, Any]:
    """``modalities`` and ``metrics`` by key, and ``statement``. Never touches the database.

    A modality has its live summary (``shares``, ``counts``, ``coverage`` 0..1, ``observed_s``, ``versions``), the
    report's ``final_coverage``, the ``agreement`` of the two (1 minus half the sum of the differences between the
    shares, 0..1; None where one side has nothing), the label that differs ``most`` (with its share ``live`` and
    ``final``), and a ``sentence``. A metric has its value ``live`` and ``final`` and the coverage of each, None where
    there is none.
    """
    return {
        "modalities": {
            key: _modality(summary.distributions[key], report["modalities"][key])
            for key in Modality.values
            if key in summary.distributions and key in report["modalities"]
        },
        "metrics": {
            key: {
                "live": summary.metrics[key]["value"],
                "live_coverage": summary.metrics[key]["coverage"],
                "final": report["metrics"][key]["value"],
                "final_coverage": report["metrics"][key]["coverage"],
            }
            for key in MetricKey.values
            if key in summary.metrics and key in report["metrics"]
        },
        "statement": STATEMENT,
    }


def live_difference_present(difference: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The same as lists in the report's order, with names; None for a recording that was uploaded."""
    if difference is None:
        return None
    return {
        "modalities": [
            {"key": key, "name": Modality(key).label, **modality} for key, modality in difference["modalities"].items()
        ],
        "metrics": [
            {"key": key, "name": MetricKey(key).label, **metric} for key, metric in difference["metrics"].items()
        ],
        "statement": difference["statement"],
    }


def _modality(live: Mapping[str, Any], final: Mapping[str, Any]) -> dict[str, Any]:
    agreement, most = None, None
    if live["observed_s"] and final["available"]:
        labels = sorted(set(live["shares"]) | set(final["shares"]))
        gaps = {label: live["shares"].get(label, 0.0) - final["shares"].get(label, 0.0) for label in labels}
        agreement = round(1.0 - min(1.0, sum(map(abs, gaps.values())) / 2), 4)
        label = max(labels, key=lambda label: abs(gaps[label]))
        most = {
            "label": label,
            "live": round(live["shares"].get(label, 0.0), 4),
            "final": round(final["shares"].get(label, 0.0), 4),
        }
    return {
        **{name: live[name] for name in ("shares", "counts", "coverage", "observed_s", "versions")},
        "final_coverage": final["coverage"],
        "agreement": agreement,
        "most": most,
        "sentence": _sentence(live, final, agreement, most),
    }


def _sentence(
    live: Mapping[str, Any], final: Mapping[str, Any], agreement: float | None, most: Mapping[str, Any] | None
) -> str:
    if not live["observed_s"]:
        return "Nothing was read live." if final["available"] else "Neither read live nor measured in the recording."
    if agreement is None or most is None:
        return f"Read live for {live['observed_s']:.0f} s, but not measured in the recording."
    sentences = [f"The shares agree to {percent(agreement)}."]
    if agreement < 1:
        name = most["label"].replace("_", " ")
        sentences.append(
            f"Most apart: {name}, {percent(most['live'])} live and {percent(most['final'])} in the recording."
        )
    version = (final["model"] or {}).get("version")
    others = [made_by for made_by in live["versions"] if made_by != version]
    if version and others:
        sentences.append(f"Live it was read by version {', '.join(others)}, in the recording by {version}.")
    return " ".join(sentences)
