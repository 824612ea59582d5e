"""The comparison of two analyses as text for the page, from :func:`analysis.selectors.runs_compare`.

Pure functions of plain data.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from analysis.models import MetricKey, Modality
from analysis.reporting.page import OBSERVED_WORDS, emotion_label_present, gaze_label_present
from interviews.formatting import MISSING, half_up

UNCHANGED: Final = "±0"
MINUS: Final = "\N{MINUS SIGN}"


def comparison_present(comparison: Mapping[str, Any]) -> dict[str, Any]:
    """``comparison`` with names, tones and differences as text, in the same order."""
    return {
        **comparison,
        "modalities": [_modality_present(modality) for modality in comparison["modalities"]],
        "metrics": _changed_first(
            [
                {
                    **metric,
                    "name": MetricKey(metric["key"]).label,
                    "difference_text": signed(metric["difference"], 100, "{:.2f}", 0.01),
                }
                for metric in comparison["metrics"]
            ]
        ),
    }


def _modality_present(modality: Mapping[str, Any]) -> dict[str, Any]:
    key = Modality(modality["key"])
    present = gaze_label_present if key == Modality.EYE_GAZE else emotion_label_present
    return {
        **modality,
        "name": key.label,
        "observed_word": OBSERVED_WORDS[key],
        "rows": _changed_first(
            {**present(row["label"]), **row, "difference_text": signed(row["difference"], 100, "{:.0f} points", 1)}
            for row in modality["shares"]
        ),
    }


def _changed_first(rows: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Rows that visibly differ, or that one side lacks, and the ``same`` ones, which the page folds; both in order."""
    rows = list(rows)
    return {
        "changed": [row for row in rows if not _is_same(row)],
        "same": [row for row in rows if _is_same(row)],
    }


def _is_same(row: Mapping[str, Any]) -> bool:
    return row["difference_text"] == UNCHANGED or _number(row["before"]) is _number(row["after"]) is None


def _number(side: Any) -> Any:
    """A share as it is, a metric's value."""
    return side["value"] if isinstance(side, Mapping) else side


def signed(difference: float | None, scale: int, form: str, unit: float) -> str:
    """A difference rounded like the numbers beside it, with its sign: ``+3 points``; ``±0`` for no visible one."""
    if difference is None:
        return MISSING
    steps = half_up(abs(difference) * scale)
    if steps == 0:
        return UNCHANGED
    return f"{'+' if difference > 0 else MINUS}{form.format(steps * unit)}"
