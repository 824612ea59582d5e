"""From gaze samples to the nine areas."""

from dataclasses import replace

import numpy as np
import pytest

from ml import artifacts
from ml.eye_gaze import parameters
from ml.eye_gaze.areas import observations
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.labels import LABELS
from ml.modalities import EYE_GAZE
from ml.timeline import UNKNOWN, Timeline

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))


def samples(directions, *, openness=0.3, sigma=0.05) -> list[GazeSample]:
    return [
        GazeSample(i / 10, (i + 1) / 10, float(horizontal), float(vertical), openness, sigma)
        for i, (horizontal, vertical) in enumerate(directions)
    ]


def labels(found) -> list[str]:
    return [observation.label for observation in found]


STRAIGHT = [(0.0, 0.0)] * 20


@pytest.mark.parametrize(
    ("direction", "label"),
    [
        ((0.4, 0.0), "center_left"),
        ((-0.4, 0.0), "center_right"),
        ((0.0, 0.4), "top_center"),
        ((0.0, -0.4), "bottom_center"),
        ((0.4, 0.4), "top_left"),
        ((-0.4, 0.4), "top_right"),
        ((0.4, -0.4), "bottom_left"),
        ((-0.4, -0.4), "bottom_right"),
        ((0.05, 0.05), "center"),
    ],
)
def test_directions_are_the_candidates_own(direction, label):
    found = observations(samples([*STRAIGHT, *[direction] * 5]), PARAMETERS)
    assert labels(found[20:]) == [label] * 5
    assert found[-1].confidence == max(found[-1].probabilities)


def test_middle_is_where_the_session_mostly_looks():
    """Wherever the camera is: the middle is the person's own, also far aside."""
    shifted = [(horizontal + 0.7, vertical - 0.5) for horizontal, vertical in [*STRAIGHT, *[(0.4, 0.0)] * 3]]
    assert labels(observations(samples(shifted), PARAMETERS)) == ["center"] * 20 + ["center_left"] * 3


def test_closed_eyes_are_unknown_and_not_observed():
    open_eyes = samples(STRAIGHT)
    blink = [replace(sample, openness=0.05, vertical=-0.9) for sample in open_eyes[8:11]]
    found = observations([*open_eyes[:8], *blink, *open_eyes[11:]], PARAMETERS)
    assert labels(found) == ["center"] * 8 + [UNKNOWN] * 3 + ["center"] * 9
    assert Timeline(EYE_GAZE, LABELS, tuple(found)).observed_s == pytest.approx(1.7)


def test_narrow_eyes_are_open_eyes():
    assert set(labels(observations(samples(STRAIGHT, openness=0.14), PARAMETERS))) == {"center"}


def test_gaze_at_a_border_does_not_flicker():
    border = PARAMETERS.center[0]
    jitter = [(border + offset, 0.0) for offset in (0.02, -0.02) * 5]
    found = observations(samples([*STRAIGHT, *jitter]), PARAMETERS)
    assert set(labels(found)) == {"center"}


def test_single_outlier_is_smoothed_away():
    wild = [*STRAIGHT[:10], (0.9, 0.9), *STRAIGHT[11:]]
    assert set(labels(observations(samples(wild), replace(PARAMETERS, smoothing=3)))) == {"center"}


def test_probabilities_sum_to_one_and_confidence_falls_with_sigma():
    directions = [*STRAIGHT, *[(0.3, 0.0)] * 3]
    sharp, blurred = (observations(samples(directions, sigma=sigma), PARAMETERS)[-1] for sigma in (0.03, 0.2))
    assert sum(sharp.probabilities) == pytest.approx(1)
    assert sum(blurred.probabilities) == pytest.approx(1)
    assert sharp.confidence > 0.95
    assert blurred.confidence < 0.6


def test_eyes_closed_throughout_leave_nothing_observed():
    found = observations(samples(STRAIGHT, openness=0.02), PARAMETERS)
    assert labels(found) == [UNKNOWN] * 20
    assert observations([], PARAMETERS) == []


def test_times_are_kept():
    found = observations(samples(STRAIGHT), PARAMETERS)
    assert [o.start_s for o in found] == pytest.approx(np.arange(20) / 10)
