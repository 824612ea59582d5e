"""What the words and numbers of an export mean, as text beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from analysis.models import MetricKey, Modality
from analysis.reporting.page import WHAT_IT_MEASURES
from analysis.reporting.report import STATEMENT
from interviews.formatting import percent

TERMS: Final = {
    "share": "Part of the observed time in which this label was read, 0 to 1. Time without a reading counts nowhere.",
    "coverage": "Observed time over the length of the recording, 0 to 1. Read every number with it.",
    "confidence": "Calibrated probability of a label, 0 to 1: of so many readings at 0.8, 80 % are right on test data.",
    "gap": "A stretch without a reading, with its reason. It is never filled in.",
    "second": "Seconds of the recording, from 0.",
}


def definitions_text(export: Mapping[str, Any], *, has_recording: bool = False) -> str:
    """The file that says what is in an export, for people."""
    analysis = export["analysis"]
    lines = [f"Interview of {export['interview']['candidate']['name']}, exported {export['exported_at']}", ""]
    lines += [STATEMENT, "", "What the words mean"]
    lines += [f"- {term}: {meaning}" for term, meaning in TERMS.items()]
    if analysis is not None:
        lines += ["", "Who read what, and for how much of the recording"]
        lines += [_modality_line(key, result) for key, result in analysis["modalities"].items()]
        lines += ["", "Metrics"]
        lines += [
            f"- {MetricKey(key).label}, definition {result['definition']}: {WHAT_IT_MEASURES[MetricKey(key)]}"
            for key, result in analysis["metrics"].items()
        ]
        lines += [f"- {note}" for note in analysis["notes"]]
    if not has_recording:
        lines += ["", "The recording itself is not in this file; download it on the report's page."]
    return "\n".join(lines) + "\n"


def _modality_line(key: str, result: Mapping[str, Any]) -> str:
    name, model = Modality(key).label, result["model"]
    if not result["available"] or model is None:
        return f"- {name}: not available. {result['reason']}"
    read = f"{percent(result['coverage'])} of the recording"
    return f"- {name}: {model['name']} {model['version']}, sha256 {model['sha256']}; {read}"
