"""A person's own baseline, and readings relative to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.metrics import baseline
from analysis.metrics.baseline import Baseline, Calm, baseline_of, find_calm, relative_timeline
from ml.timeline import UNKNOWN, Observation, Timeline

LABELS = ("angry", "happy", "neutral")
NEUTRAL = (0.1, 0.1, 0.8)
CROSS = (0.6, 0.1, 0.3)
SMILE = (0.1, 0.8, 0.1)


def face(*stretches, step_s=0.5, start_s=0.0):
    """Stretches of (seconds, probabilities), one after the other."""
    observations, at = [], start_s
    for seconds, probabilities in stretches:
        for _ in range(round(seconds / step_s)):
            best = max(range(3), key=probabilities.__getitem__)
            observations.append(Observation(at, at + step_s, LABELS[best], probabilities[best], probabilities))
            at += step_s
    return Timeline("facial_expression", LABELS, tuple(observations))


def test_a_resting_face_read_as_angry_becomes_neutral_and_a_smile_stays_a_smile():
    timeline = face((10, CROSS), (2, SMILE))
    found = baseline_of(timeline, find_calm(timeline))
    relative = relative_timeline(timeline, baseline=found, reference=NEUTRAL)
    assert [o.label for o in relative.observations] == ["neutral"] * 20 + ["happy"] * 4


def test_a_person_whose_calm_face_is_the_average_one_is_read_as_before():
    timeline = face((10, NEUTRAL), (2, CROSS))
    relative = relative_timeline(timeline, baseline=baseline_of(timeline, Calm(0, 10)), reference=NEUTRAL)
    assert [o.label for o in relative.observations] == [o.label for o in timeline.observations]
    assert relative.observations[-1].probabilities == pytest.approx(CROSS)


def test_a_held_smile_is_no_resting_face():
    timeline = face((20, SMILE), (8, CROSS))
    assert find_calm(timeline) == Calm(20.0, 28.0)


def test_the_stretch_that_changes_least_is_the_calm_one():
    restless = [(0.5, p) for p in (CROSS, NEUTRAL) * 10]
    assert find_calm(face(*restless, (8, NEUTRAL))).start_s >= 9.5


def test_what_comes_late_in_a_recording_is_not_looked_at():
    assert find_calm(face((20, CROSS), start_s=baseline.WITHIN_S)) is None


def test_too_little_reading_gives_no_baseline():
    timeline = face((4, CROSS))
    assert find_calm(timeline) is None
    assert baseline_of(timeline, Calm(0, 4, is_marked=True)) is None


def test_the_first_speech_is_the_plain_one():
    spoken = tuple(Observation(5.0 + 3 * n, 8.0 + 3 * n, "neutral", 0.8, NEUTRAL) for n in range(5))
    assert find_calm(Timeline("speech_emotion", LABELS, spoken)) == Calm(5.0, 14.0)


def test_a_longer_calm_stretch_is_believed_more():
    assert Baseline(Calm(0, 5), 5, NEUTRAL).weight < Baseline(Calm(0, 60), 60, NEUTRAL).weight < 1


def test_unknown_readings_stay_unknown():
    timeline = Timeline("facial_expression", LABELS, (Observation(0, 1, UNKNOWN, 0.0),))
    assert relative_timeline(timeline, baseline=Baseline(Calm(0, 9), 9, CROSS), reference=NEUTRAL) == timeline


probabilities = (
    st.lists(st.floats(0, 1), min_size=3, max_size=3)
    .filter(lambda p: sum(p) > 0.01)
    .map(lambda p: tuple(x / sum(p) for x in p))
)


@given(observed=probabilities, own=probabilities, reference=probabilities, observed_s=st.floats(5, 1000))
def test_relative_readings_are_probabilities(observed, own, reference, observed_s):
    timeline = face((1, observed))
    relative = relative_timeline(timeline, baseline=Baseline(Calm(0, 9), observed_s, own), reference=reference)
    for reading in relative.observations:
        assert sum(reading.probabilities) == pytest.approx(1.0)
        assert reading.confidence == max(reading.probabilities)
        assert reading.label == LABELS[reading.probabilities.index(reading.confidence)]


def test_face_and_eyes_share_the_faces_calm_stretch():
    timelines = {"facial_expression": face((10, CROSS)), "eye_emotion": face((3, CROSS))}
    found = baseline.calm_stretches(timelines)
    assert found == {"facial_expression": Calm(0.0, 8.0), "eye_emotion": Calm(0.0, 8.0)}


@pytest.mark.parametrize(
    ("stretches", "calm", "reference", "reason"),
    [
        ([], None, NEUTRAL, "Nothing was read"),
        ([(10, CROSS)], Calm(0, 8), (), "no neutral reference"),
        ([(10, CROSS)], None, NEUTRAL, "No calm stretch was found"),
        ([(10, CROSS)], Calm(8, 30), NEUTRAL, "less than 5 s"),
    ],
)
def test_what_cannot_be_relative_says_why(stretches, calm, reference, reason):
    relative = baseline.relatives_compute(
        timelines={"facial_expression": face(*stretches)},
        calm={"facial_expression": calm} if calm else {},
        references={"facial_expression": reference},
    )["facial_expression"]
    assert relative.timeline is None
    assert reason in relative.reason
