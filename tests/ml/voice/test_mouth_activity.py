"""Evidence from the movement of a mouth."""

import numpy as np
import pytest

from ml.voice.mouth_activity import MAX_EVIDENCE, mouth_activity
from tests.ml.voice.dialogues import mouth


def test_a_moving_mouth_speaks_and_a_shut_one_does_not():
    found = mouth_activity(*mouth(10.0, [(0.0, 5.0)]), np.array([2.0, 8.0]))
    assert found.evidence[0] > 1
    assert found.evidence[1] < -1
    assert np.all(np.abs(found.evidence) <= MAX_EVIDENCE)


def test_a_mouth_that_opens_slowly_does_not_speak():
    times_s = np.arange(0.0, 4.0, 0.1)
    found = mouth_activity(times_s, 0.3 * times_s / 4.0, np.array([2.0]))
    assert found.movement[0] == pytest.approx(0.0075)
    assert found.evidence[0] < 0


@pytest.mark.parametrize("every_s", [1.0, 0.7])
def test_a_landmark_that_jumps_for_single_frames_does_not_speak(every_s):
    times_s, openness = mouth(10.0, [])
    openness[:: round(10 * every_s)] = 0.16
    found = mouth_activity(times_s, openness, np.array([2.0, 5.0, 8.0]))
    assert np.all(found.movement < 0.02)
    assert np.all(found.evidence < -1)


def test_the_syllables_of_a_mouth_that_speaks_are_no_outliers():
    times_s = np.arange(0.0, 6.0, 0.1)
    openness = 0.02 + 0.1 * np.maximum(0.0, np.sin(2 * np.pi * 1.3 * times_s)) ** 2
    steps = np.diff(openness)
    found = mouth_activity(times_s, openness, np.array([3.0]))
    assert found.movement[0] == pytest.approx(np.sqrt(np.mean(steps[25:35] ** 2)), rel=0.05)


@pytest.mark.parametrize(
    ("times_s", "openness"),
    [
        (np.zeros(0), np.zeros(0)),
        (np.arange(0.0, 5.0, 1.0), np.array([0.1, 0.0, 0.1, 0.0, 0.1])),
        (np.arange(0.0, 5.0, 0.1), np.full(50, 0.05)),
        (np.arange(10.0, 15.0, 0.1), np.tile([0.0, 0.1], 25)),
    ],
    ids=["no face", "a picture a second", "a photo", "elsewhere"],
)
def test_where_no_living_mouth_is_in_view_there_is_no_evidence(times_s, openness):
    found = mouth_activity(times_s, openness, np.array([2.0]))
    assert np.isnan(found.movement[0])
    assert found.evidence[0] == 0
