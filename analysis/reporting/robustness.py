"""How far shares and metrics move under corruptions, for page, API and files. Pure functions of plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from analysis.metrics.definitions import V1
from analysis.models import MetricKey, Modality
from analysis.reasons import GAP_SHOWN_S, GAP_WORDS
from analysis.reporting.page import label_name
from interviews.policy import Decision

UNCHANGED: Final = "none"
COVERAGE_SHOWN: Final = 0.05
"""Least difference of coverage that the page states."""
CORRUPTIONS: Final[Mapping[str, tuple[str, str]]] = {
    UNCHANGED: ("Nothing", "Cut out and written anew like the others: what measuring again moves by itself."),
    "darkened": ("Darkened", "Half the light, and the noise of a camera in the dark."),
    "recompressed": ("Recompressed", "Pictures by H.264 at CRF 40, sound by Opus at 12 kbit/s: a poor connection."),
    "cropped": ("Cropped", "A tenth of the picture cut off on each side, and the rest enlarged."),
    "quieter": ("Shifted in level", "The sound 12 dB quieter."),
    "noisy": ("Made noisy", "Pink noise 15 dB below the sound."),
}
"""Name and explanation of each corruption of :mod:`ml.robustness.corruptions`, in the order of the report."""


def shifts_of(
    *, own: Mapping[str, Any], corrupted: Mapping[str, Mapping[str, Any]], policy: Decision
) -> list[dict[str, Any]]:
    """What each corruption moves, in the order of :data:`CORRUPTIONS`, for what ``policy`` allows.

    ``modalities``: see :func:`shift_of`. ``metrics`` by key: ``own`` and ``value``, 0..1 or None, and ``moved``, their
    difference, where both are there.
    """
    return [
        {
            "key": key,
            "name": name,
            "explanation": explanation,
            "modalities": {
                modality: shift_of(modality, own["modalities"][modality], found["modalities"].get(modality))
                for modality in Modality.values
                if modality in own["modalities"] and policy.allows(modality)
            },
            "metrics": {
                metric: _metric(own["metrics"][metric], found["metrics"].get(metric))
                for metric in MetricKey.values
                if metric in own["metrics"] and policy.allows(metric)
            },
        }
        for key, (name, explanation) in CORRUPTIONS.items()
        if (found := corrupted.get(key)) is not None
    ]


def shift_of(modality: str, own: Mapping[str, Any], found: Mapping[str, Any] | None) -> dict[str, Any]:
    """How far one modality's shares move.

    ``distance``: the total variation distance between the two distributions of labels, half the sum of the
    absolute differences, 0..1. ``largest``: the label whose share moves most, and by how much, -1..1. Both are None
    where either was not observed for long enough to have shares. ``coverage`` and ``own_coverage`` are of the
    stretches. ``largest_gap``: where less was read, the reason (a key of :mod:`ml.gaps`) that takes most of it, and how
    many seconds more it has; otherwise None.
    """
    coverage = found["coverage"] if found else 0.0
    shift: dict[str, Any] = {"distance": None, "largest": None}
    if found is not None and _is_enough(modality, own) and _is_enough(modality, found):
        labels = [*own["shares"], *(label for label in found["shares"] if label not in own["shares"])]
        moved = {label: found["shares"].get(label, 0.0) - own["shares"].get(label, 0.0) for label in labels}
        label = max(moved, key=lambda one: abs(moved[one]))
        shift["distance"] = round(sum(map(abs, moved.values())) / 2, 4)
        shift["largest"] = {"label": label, "moved": round(moved[label], 4)}
    gap = _largest_gap(own, found) if found is not None and coverage < own["coverage"] else None
    return {**shift, "coverage": coverage, "own_coverage": own["coverage"], "largest_gap": gap}


def _largest_gap(own: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any] | None:
    before = own.get("gaps_s", {})
    more = {reason: gap_s - before.get(reason, 0.0) for reason, gap_s in found.get("gaps_s", {}).items()}
    reason = max(more, key=lambda one: more[one], default=None)
    if reason is None or more[reason] < GAP_SHOWN_S:
        return None
    return {"reason": reason, "moved_s": round(more[reason], 3)}


def _is_enough(modality: str, readings: Mapping[str, Any]) -> bool:
    return V1.is_enough(modality, observed_s=readings["observed_s"], coverage=readings["coverage"])


def _metric(own: float | None, value: float | None) -> dict[str, Any]:
    moved = None if own is None or value is None else round(value - own, 4)
    return {"own": own, "value": value, "moved": moved}


def measured_sentence(stretches: Sequence[Sequence[float]], *, duration_s: float) -> str:
    """Of what the numbers are."""
    if len(stretches) == 1 and stretches[0][0] == 0 and stretches[0][1] >= duration_s:
        return "The whole recording was measured again."
    total_s = sum(end_s - start_s for start_s, end_s in stretches)
    return (
        f"{len(stretches)} stretches that are spread over the recording were measured again, {total_s:.0f} s in all. "
        "The differences are to what this report read in the same seconds."
    )


def robustness_present(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state for the report's page, with names in place of keys and each row's cells in the order of the columns."""
    first = state["corruptions"][0] if state["corruptions"] else {"modalities": {}, "metrics": {}}
    return {
        **state,
        "modality_names": [Modality(key).label for key in first["modalities"]],
        "metric_names": [MetricKey(key).label for key in first["metrics"]],
        "corruptions": [
            {
                **corruption,
                "modalities": [_shift_present(key, shift) for key, shift in corruption["modalities"].items()],
                "metrics": list(corruption["metrics"].values()),
            }
            for corruption in state["corruptions"]
        ],
    }


def _shift_present(modality: str, shift: Mapping[str, Any]) -> dict[str, Any]:
    largest, gap = shift["largest"], shift["largest_gap"]
    return {
        **shift,
        "gap_words": gap and GAP_WORDS[gap["reason"]],
        "largest": largest and {"name": label_name(modality, largest["label"]), "points": _points(largest["moved"])},
        "coverage_moved": abs(shift["coverage"] - shift["own_coverage"]) >= COVERAGE_SHOWN,
    }


def _points(moved: float) -> str:
    """A difference of shares in percentage points, empty for one that rounds to nothing."""
    points = round(abs(moved) * 100)
    sign = "+" if moved > 0 else "\N{MINUS SIGN}"
    return f"{sign}{points}\N{NO-BREAK SPACE}points" if points else ""
