"""The one result type of the four recognisers."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.timeline import UNKNOWN, Gap, Observation, Timeline

LABELS = ("center", "center_left")


def gaze(*rows):
    return Timeline("eye_gaze", LABELS, tuple(Observation(*row) for row in rows))


def test_unknown_is_counted_and_is_no_observed_time():
    timeline = gaze((0, 2, "center", 0.9), (2, 3, UNKNOWN, 0.0), (3, 4, "center_left", 0.8), (6, 7, "center", 0.7))
    assert timeline.observed_s == 4
    assert timeline.coverage(8) == 0.5
    assert timeline.counts() == {"center": 2, "center_left": 1, UNKNOWN: 1}
    assert timeline.shares() == {"center": 0.75, "center_left": 0.25}


def test_an_empty_timeline_has_every_label_and_no_share():
    timeline = gaze()
    assert timeline.counts() == {"center": 0, "center_left": 0}
    assert timeline.shares() == {"center": 0.0, "center_left": 0.0}
    assert timeline.coverage(10) == 0.0
    assert timeline.coverage(0) == 0.0


def test_seconds_without_a_reading_are_summed_by_reason_the_longest_first():
    timeline = Timeline("eye_gaze", LABELS, gaps=(Gap(0, 1, "too_dark"), Gap(2, 5, "no_face"), Gap(6, 7.5, "too_dark")))
    assert list(timeline.gap_seconds().items()) == [("no_face", 3), ("too_dark", 2.5)]


def test_coverage_never_exceeds_the_recording():
    assert gaze((0, 2.04, "center", 0.9)).coverage(2) == 1.0


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 2, "center", 0.9), (1.9, 3, "center", 0.9)],
        [(2, 1, "center", 0.9)],
        [(-1, 1, "center", 0.9)],
    ],
)
def test_observations_must_be_in_order(rows):
    with pytest.raises(ValueError, match="out of order"):
        gaze(*rows)


def test_a_label_of_another_modality_is_refused():
    with pytest.raises(ValueError, match="'happy' is not one of"):
        gaze((0, 1, "happy", 0.9))


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999), st.sampled_from([*LABELS, UNKNOWN]))))
def test_the_stored_form_gives_the_timeline_back(rows):
    observations, at_ms = [], 0
    for hole_ms, length_ms, label in rows:
        start_ms, at_ms = at_ms + hole_ms, at_ms + hole_ms + length_ms
        probabilities = () if label == UNKNOWN else (0.75, 0.25)
        observations.append(Observation(start_ms / 1000, at_ms / 1000, label, 0.75, probabilities))
    timeline = Timeline("eye_gaze", LABELS, tuple(observations))
    assert Timeline.from_json("eye_gaze", json.loads(json.dumps(timeline.to_json()))) == timeline
    assert sum(timeline.counts().values()) == len(observations)
    assert sum(timeline.shares().values()) == pytest.approx(1.0 if timeline.observed_s else 0.0)


def test_rounded_is_what_reading_the_stored_form_gives():
    exact = Timeline("eye_gaze", LABELS, (Observation(0.00049, 1.23456, LABELS[0], 0.123456, (0.123456, 0.876544)),))
    assert exact.rounded() == Timeline.from_json("eye_gaze", exact.to_json())
    assert exact.rounded().observations == (Observation(0.0, 1.235, LABELS[0], 0.1235, (0.1235, 0.8765)),)


def test_something_else_is_not_read_as_a_timeline():
    with pytest.raises(KeyError):
        Timeline.from_json("eye_gaze", {"labels": []})
    with pytest.raises(ValueError, match="not enough values"):
        Timeline.from_json("eye_gaze", {"labels": list(LABELS), "observations": [[0, 1]]})


def test_the_most_probable_label_is_observed_and_the_first_one_wins_a_tie():
    found = Observation.most_probable(1.0, 1.5, ("a", "b", "c"), [0.2, 0.4, 0.4])
    assert found == Observation(1.0, 1.5, "b", 0.4, (0.2, 0.4, 0.4))
