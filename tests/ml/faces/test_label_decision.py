"""Labels of a face over time: pooled, corrected, without flicker."""

import pytest

from ml.class_prior import ClassPrior
from ml.faces.label_decision import LiveDecision, decide
from ml.timeline import Observation

LABELS = ("happy", "sad", "neutral")
PRIOR = ClassPrior(training=(0.4, 0.4, 0.2), use=(0.2, 0.2, 0.6), source="a survey")


def frames(*probabilities, start_s=0.0, step_s=0.1):
    """Frames a tenth of a second apart, each with the probability of "happy" and "neutral"."""
    made = []
    for number, (happy, neutral) in enumerate(probabilities):
        at_s = start_s + number * step_s
        vector = (happy, 1 - happy - neutral, neutral)
        made.append(Observation.most_probable(at_s, at_s + step_s, LABELS, vector))
    return made


def labels(observations):
    return [one.label for one in observations]


HAPPY, NEUTRAL = (0.8, 0.1), (0.1, 0.8)


def test_one_odd_frame_is_no_episode():
    decided = decide(frames(*[NEUTRAL] * 6, (0.99, 0.005), *[NEUTRAL] * 6), LABELS, None)
    assert labels(decided) == ["neutral"] * 13


def test_a_change_that_lasts_is_kept_where_it_is():
    decided = decide(frames(*[NEUTRAL] * 10, *[HAPPY] * 10), LABELS, None)
    assert labels(decided) == ["neutral"] * 10 + ["happy"] * 10


def test_every_observation_keeps_its_time_and_states_the_pooled_probability_of_its_label():
    given = frames(*[NEUTRAL] * 4, *[HAPPY] * 2, *[NEUTRAL] * 4)
    for before, after in zip(given, decide(given, LABELS, None), strict=True):
        assert (after.start_s, after.end_s) == (before.start_s, before.end_s)
        assert after.confidence == after.probabilities[LABELS.index(after.label)]
        assert sum(after.probabilities) == pytest.approx(1)


def test_frames_further_away_than_half_a_second_have_no_weight():
    alone = frames(HAPPY)
    far = frames(*[NEUTRAL] * 5, start_s=0.7)
    assert decide([*alone, *far], LABELS, None)[0].probabilities == pytest.approx(alone[0].probabilities)


def test_a_short_reading_with_nothing_around_it_stays():
    assert labels(decide(frames(HAPPY), LABELS, None)) == ["happy"]
    assert decide([], LABELS, PRIOR) == ()


def test_a_face_that_says_little_is_read_as_the_prior_of_use_suggests():
    unsure = frames(*[(0.45, 0.3)] * 8)
    assert labels(decide(unsure, LABELS, None)) == ["happy"] * 8
    assert labels(decide(unsure, LABELS, PRIOR)) == ["neutral"] * 8
    assert labels(decide(frames(*[(0.9, 0.05)] * 8), LABELS, PRIOR)) == ["happy"] * 8


@pytest.mark.parametrize("step_s", [0.04, 0.1, 1.0])
def test_the_grid_of_frames_does_not_matter(step_s):
    steady = frames(*[HAPPY] * 12, step_s=step_s)
    assert labels(decide(steady, LABELS, PRIOR)) == ["happy"] * 12


def test_live_a_new_label_is_shown_once_it_has_led_for_three_tenths_of_a_second():
    live = LiveDecision(LABELS, None)
    shown = [live.update(one).label for one in frames(*[NEUTRAL] * 5, *[HAPPY] * 8)]
    changed = shown.index("happy")
    assert 5 + 3 <= changed <= 5 + 6
    assert shown[changed:] == ["happy"] * (len(shown) - changed)


def test_live_one_odd_frame_changes_nothing():
    live = LiveDecision(LABELS, None)
    given = frames(*[NEUTRAL] * 5, (0.99, 0.005), *[NEUTRAL] * 5)
    assert {live.update(one).label for one in given} == {"neutral"}


def test_live_a_face_that_comes_back_starts_anew():
    live = LiveDecision(LABELS, PRIOR)
    for one in frames(*[NEUTRAL] * 5):
        live.update(one)
    assert live.update(frames((0.95, 0.02), start_s=3.0)[0]).label == "happy"
