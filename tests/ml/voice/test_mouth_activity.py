"""Evidence from the movement of a mouth."""

import numpy as np
import pytest

from ml.voice.mouth_activity import MAX_EVIDENCE, TYPICAL, adapted_levels, mouth_movement, movement_evidence
from tests.ml.voice.dialogues import mouth


def test_a_moving_mouth_speaks_and_a_shut_one_does_not():
    evidence = movement_evidence(mouth_movement(*mouth(10.0, [(0.0, 5.0)]), np.array([2.0, 8.0])))
    assert evidence[0] > 1
    assert evidence[1] < -1
    assert np.all(np.abs(evidence) <= MAX_EVIDENCE)


def test_a_mouth_that_opens_slowly_does_not_speak():
    times_s = np.arange(0.0, 4.0, 0.1)
    movement = mouth_movement(times_s, 0.3 * times_s / 4.0, np.array([2.0]))
    assert movement[0] == pytest.approx(0.0075)
    assert movement_evidence(movement)[0] < 0


@pytest.mark.parametrize("every_s", [1.0, 0.7])
def test_a_landmark_that_jumps_for_single_frames_does_not_speak(every_s):
    times_s, openness = mouth(10.0, [])
    openness[:: round(10 * every_s)] = 0.16
    movement = mouth_movement(times_s, openness, np.array([2.0, 5.0, 8.0]))
    assert np.all(movement < 0.02)
    assert np.all(movement_evidence(movement) < -1)


def test_the_syllables_of_a_mouth_that_speaks_are_no_outliers():
    times_s = np.arange(0.0, 6.0, 0.1)
    openness = 0.02 + 0.1 * np.maximum(0.0, np.sin(2 * np.pi * 1.3 * times_s)) ** 2
    steps = np.diff(openness)
    movement = mouth_movement(times_s, openness, np.array([3.0]))
    assert movement[0] == pytest.approx(np.sqrt(np.mean(steps[25:35] ** 2)), rel=0.05)


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
    movement = mouth_movement(times_s, openness, np.array([2.0]))
    assert np.isnan(movement[0])
    assert movement_evidence(movement)[0] == 0


class TestAdaptedLevels:
    LENGTHS_S = np.full(400, 0.1)

    def test_they_are_those_of_the_person(self):
        movement = np.repeat([0.09, 0.03], 200)
        levels = adapted_levels(movement, self.LENGTHS_S, np.repeat([1.0, 0.0], 200))
        assert 0.075 < levels.speaking < 0.09
        assert 0.02 < levels.listening < 0.03
        evidence = movement_evidence(movement, levels)
        assert evidence[0] > 1
        assert evidence[-1] < -1
        assert movement_evidence(movement)[-1] > 0  # the typical levels are wrong about this person

    def test_little_speech_leaves_them_typical(self):
        levels = adapted_levels(np.full(2, 0.2), np.full(2, 0.1), np.ones(2))
        assert levels.speaking == pytest.approx(TYPICAL.speaking, rel=0.12)
        assert levels.listening == pytest.approx(TYPICAL.listening)

    def test_a_mouth_that_was_not_seen_changes_nothing(self):
        levels = adapted_levels(np.full(400, np.nan), self.LENGTHS_S, np.full(400, 0.5))
        assert (levels.speaking, levels.listening) == pytest.approx((TYPICAL.speaking, TYPICAL.listening))

    def test_one_level_of_movement_is_never_both(self):
        levels = adapted_levels(np.full(400, 0.03), self.LENGTHS_S, np.tile([0.0, 1.0], 200))
        assert np.log(levels.speaking / levels.listening) == pytest.approx(0.5)
