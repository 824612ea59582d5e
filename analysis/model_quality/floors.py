"""Floors of activation: the evaluation that a version needs to become active without a written reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.models import Modality, ModelVersion

MINIMUM_CLIPS: Final = 200
"""Fewest labelled pictures or clips of an evaluation: at 200, the 95 % interval of a share is ± 7 %."""


@dataclass(frozen=True, slots=True)
class Floor:
    """``minimum`` (0..1) of ``figure`` in the headline measurement; ``chance`` is what guessing gives."""

    figure: str
    minimum: float
    chance: float


# The figure is the unweighted average recall: a network that always answers "neutral" scores chance, however many
# neutral faces the data holds. A minimum is three quarters of the default version's recall (a test compares the two),
# and at least two and a half times chance: a damaged file, a wrong order of labels or wrong preprocessing does not
# reach it by accident. A version above the minimum is not necessarily good.
FLOORS: Final[Mapping[str, Floor]] = {
    Modality.FACIAL_EXPRESSION: Floor("uar", 0.52, chance=1 / 7),
    Modality.EYE_EMOTION: Floor("uar", 0.36, chance=1 / 7),
    Modality.SPEECH_EMOTION: Floor("uar", 0.57, chance=1 / 8),
    # Eye gaze is geometry: its parameters are evaluated on rendered faces (manage.py benchmark_gaze), which takes
    # minutes and is not a job of the server. A change of them always needs a written reason.
}


def headline_of(evaluation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first measurement of a stored evaluation, to which floors apply; empty without one."""
    measured = evaluation.get("measured") or []
    return measured[0] if isinstance(measured, list) and measured and isinstance(measured[0], dict) else {}


def floor_shortfall(version: ModelVersion) -> str:
    """Why this version needs a written reason to become active, as a sentence; empty when its evaluation suffices."""
    floor = FLOORS.get(version.modality)
    what = version.get_modality_display().lower()
    if floor is None:
        return f"There is no floor for {what}, so a change of it needs a written reason."
    headline = headline_of(version.evaluation)
    value, count = headline.get(floor.figure), headline.get("n")
    if not isinstance(value, int | float) or not isinstance(count, int):
        return f"Version {version.version} of {what} has no stored evaluation. Evaluate it first, or give a reason."
    if count < MINIMUM_CLIPS:
        return (
            f"The evaluation of {version.version} rests on {count} examples; {MINIMUM_CLIPS} are needed. Evaluate it "
            "on more, or give a reason."
        )
    if not value >= floor.minimum:
        return (
            f"The unweighted average recall of {version.version} is {value:.0%}, below the floor of "
            f"{floor.minimum:.0%} for {what} (guessing gives {floor.chance:.0%}). Give a reason to activate it anyway."
        )
    return ""
