"""Hysteresis at the borders: a gaze at a border keeps its area, a look aside is detected soon, at any frame rate."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from ml import artifacts
from ml.eye_gaze import parameters
from ml.eye_gaze.borders import Borders, area, areas_of
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.live import LiveGaze
from ml.modalities import EYE_GAZE
from ml.timeline import UNKNOWN

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))
RATES = [5, 10, 15, 30]


def live(positions, fps, own=PARAMETERS) -> list[str]:
    borders = Borders(own)
    found = []
    for number, position in enumerate(positions):
        borders.update(position, number / fps)
        found.append(area(borders.crossed))
    return found


def recorded(positions, fps, own=PARAMETERS) -> list[str]:
    starts_s = [number / fps for number in range(len(positions))]
    return areas_of(np.array(positions, float), starts_s, [1.0] * len(positions), own)


def changes(labels) -> int:
    return sum(one != other for one, other in pairwise(labels))


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("axis", [0, 1])
def test_a_minute_on_a_border_changes_area_hardly_ever(fps, axis):
    """With the noise of single samples of rendered faces."""
    noise = np.random.default_rng(fps).normal(0, (0.08, 0.16), (60 * fps, 2))
    noise[:, axis] += 1
    assert changes(live(noise, fps)) <= 6
    # Without hysteresis the same positions do change:
    assert changes(live(noise, fps, replace(PARAMETERS, hysteresis=0.0, dwell_s=0.0))) > 60


@pytest.mark.parametrize("fps", RATES)
def test_a_look_aside_and_back_is_detected_within_three_tenths_of_a_second(fps):
    positions = [(0, 0)] * fps + [(2, 0)] * fps + [(0, 0)] * fps
    found = live(positions, fps)
    assert found.index("center_left") / fps <= 1.3
    assert found[2 * fps :].index("center") / fps <= 0.3


@pytest.mark.parametrize("fps", RATES)
def test_a_recording_counts_a_change_from_its_first_sample(fps):
    positions = [(0, 0)] * fps + [(0, -2)] * fps
    assert recorded(positions, fps) == ["center"] * fps + ["bottom_center"] * fps


def test_a_look_across_the_middle_ends_on_the_other_side():
    assert live([(2, 2)] * 5 + [(-2, -2)] * 5, 10)[-1] == "bottom_right"
    assert recorded([(2, 2)] * 5 + [(-2, -2)] * 5, 10) == ["top_left"] * 5 + ["bottom_right"] * 5


@pytest.mark.parametrize("fps", RATES)
def test_one_sample_alone_is_never_a_look(fps):
    assert set(live([(0, 0)] * 5 + [(9, 9)] + [(0, 0)] * 5, fps)) == {"center"}


@pytest.mark.parametrize("fps", [10, 30])
def test_the_noise_of_a_small_face_is_no_look_aside(fps):
    """Neighbouring samples of a small face are wrong alike, for half a second: that does not cancel out."""
    independent = np.random.default_rng(fps).normal(0, (0.24, 0.48), (30 * fps, 2))
    positions = np.repeat(independent[:: fps // 2], fps // 2, axis=0)

    def found(noise: float, positions=positions) -> list[str]:
        starts_s = [number / fps for number in range(len(positions))]
        return areas_of(positions, starts_s, [noise] * len(positions), PARAMETERS)

    assert found(3.0).count("center") > found(1.0).count("center")
    assert found(3.0).count("center") > 0.97 * len(positions)
    up = found(3.0, positions + np.array([0, 2.5]))
    assert up.count("top_center") > 0.97 * len(positions)


def test_a_look_close_to_the_border_is_detected_later():
    near, far = (live([(0, 0)] * 5 + [(1 + past, 0)] * 10, 10).index("center_left") for past in (0.2, 0.6))
    assert far < near


def test_a_blink_between_does_not_change_the_area():
    gaze = LiveGaze(PARAMETERS)
    aside, found = PARAMETERS.center[0] * 2, []
    for number in range(60):
        shut = number in (44, 45, 46)
        horizontal, openness = 0.0 if number < 40 else aside, 0.05 if shut else 0.3
        sample = GazeSample(number / 10, number / 10 + 0.1, horizontal, 0.0, openness, 0.05)
        found.append(gaze.update(sample).label)
    assert found[41:] == ["center_left"] * 3 + [UNKNOWN] * 3 + ["center_left"] * 13
