"""What a version has to show before it may make reports without a further word. Plain data and arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.models import Modality, ModelVersion

MINIMUM_CLIPS: Final = 200
"""An evaluation on fewer labelled pictures or clips than this proves nothing: at 200, a share is known to ± 7 %."""


@dataclass(frozen=True, slots=True)
class Floor:
    """``minimum`` (0..1) of ``figure`` in the headline measurement; ``chance`` is what guessing gives."""

    figure: str
    minimum: float
    chance: float


# The figure is the unweighted average recall: a network that always says "neutral" scores chance, however many
# neutral faces the data holds. A floor is no seal of quality. It lies at two and a half times chance or more, where no
# broken file, wrong order of labels or wrong preprocessing gets by accident, and a step below the version that ships,
# so that what has lost a quarter of that is stopped:
FLOORS: Final[Mapping[str, Floor]] = {
    Modality.FACIAL_EXPRESSION: Floor("uar", 0.52, chance=1 / 7),  # shipped: 0.70 on FER2013 private
    Modality.EYE_EMOTION: Floor("uar", 0.45, chance=1 / 6),  # shipped: 0.60 on FER2013 strips
    Modality.SPEECH_EMOTION: Floor("uar", 0.57, chance=1 / 8),  # shipped: 0.76 with speakers it was not trained on
    # Eye gaze is geometry: parameters that nobody trains, measured on rendered faces (manage.py benchmark_gaze), which
    # takes minutes and is no job of the server's. A change of them always needs a written reason.
}


def headline_of(evaluation: Mapping[str, Any]) -> Mapping[str, Any]:
    """The first measurement of a stored evaluation, the one that counts; empty without one."""
    measured = evaluation.get("measured") or []
    return measured[0] if isinstance(measured, list) and measured and isinstance(measured[0], dict) else {}


def floor_shortfall(version: ModelVersion) -> str:
    """Why this version needs a written reason to become active, as a sentence; empty when its evaluation will do."""
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
