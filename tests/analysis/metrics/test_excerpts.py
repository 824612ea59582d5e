"""Where stretches lie, and what is read in them."""

import itertools

import pytest

from analysis.metrics.excerpts import BEFORE_S, MEASURED_S, Excerpt, spread, window_borders
from ml.gaps import OTHER_PERSON
from ml.spans import seconds
from ml.timeline import Gap, Observation, Timeline


def gaze(*observations):
    return Timeline("eye_gaze", ("center", "left"), tuple(Observation(*one, 0.9) for one in observations))


def test_a_short_recording_is_measured_whole():
    assert spread(duration_s=42.5) == ((0.0, 42.5),)


@pytest.mark.parametrize("duration_s", [61.0, 600.0, 3600.0, 10 * 3600.0])
def test_a_long_one_in_stretches_of_bounded_length_from_all_parts(duration_s):
    stretches = spread(duration_s=duration_s)
    assert seconds(stretches) == pytest.approx(MEASURED_S, abs=0.02)
    assert stretches[0][0] >= 0
    assert stretches[-1][1] <= duration_s
    assert all(one[1] <= next_one[0] + 0.002 for one, next_one in itertools.pairwise(stretches))
    assert max(b[0] - a[1] for a, b in itertools.pairwise(stretches)) < 3600


def test_a_stretch_holds_the_first_moment_of_its_part():
    stretches = spread(duration_s=600.0, moments_s=[599.9, 30.0, 20.0, 250.0])
    assert stretches[0] == (30.0 - BEFORE_S, 39.0)
    assert stretches[2] == (249.0, 259.0)
    assert stretches[5] == (590.0, 600.0)


def test_a_stretch_begins_with_the_nearest_window_of_speech():
    places = [start_s for start_s, _ in spread(duration_s=600.0)]
    moved = spread(duration_s=600.0, starts_s=[places[0] - 20, places[0] - 10, places[1] + 1])
    assert [start_s for start_s, _ in moved] == [places[0] - 10, places[1] + 1, *places[2:]]
    assert spread(duration_s=600.0, moments_s=[30.0], starts_s=[20.0, 27.5, 29.5])[0] == (27.5, 37.5)
    assert spread(duration_s=600.0, moments_s=[30.0], starts_s=[20.0])[0] == (29.0, 39.0)


def test_windows_of_speech_begin_for_certain_where_they_touch_the_one_before():
    speech = gaze(
        (1.0, 4.0, "left"), (4.0, 6.5, "center"), (6.9, 7.0, "center"), (7.0, 9.0, "left"), (9.0, 9.2, "left")
    )
    assert window_borders(speech) == [4.0, 7.0]


def test_shares_and_coverage_are_of_the_stretches_alone():
    excerpt = Excerpt(((10.0, 20.0), (50.0, 60.0)))
    timeline = gaze((0, 15, "left"), (15, 20, "center"), (30, 52.5, "center"))
    readings = excerpt.readings({"eye_gaze": timeline}, questions_s=[], metrics=["attentiveness"])
    assert readings["modalities"]["eye_gaze"]["shares"] == {"center": 0.6, "left": 0.4}
    assert readings["modalities"]["eye_gaze"]["observed_s"] == 12.5
    assert readings["modalities"]["eye_gaze"]["coverage"] == 0.625
    assert readings["metrics"]["attentiveness"] == pytest.approx((7.5 - 0.5 * 5) / 12.5)


def test_seconds_without_a_reading_are_of_the_stretches_alone():
    excerpt = Excerpt(((10.0, 20.0), (50.0, 60.0)))
    timeline = Timeline("speech_emotion", ("sad",), (), (Gap(5, 12, OTHER_PERSON), Gap(55, 70, OTHER_PERSON)))
    readings = excerpt.readings({"speech_emotion": timeline}, questions_s=[], metrics=[])
    assert readings["modalities"]["speech_emotion"]["gaps_s"] == {OTHER_PERSON: 7.0}


def test_a_timeline_of_a_clock_that_begins_later_is_moved():
    excerpt = Excerpt(((10.0, 20.0), (50.0, 60.0)))
    own = excerpt.timeline(gaze((12, 20, "left"), (50, 51, "center")))
    assert excerpt.timeline(gaze((2, 10, "left"), (40, 41, "center")), shift_s=10.0) == own


def test_no_episode_reaches_from_one_stretch_into_the_next():
    excerpt = Excerpt(((0.0, 1.5), (100.0, 101.5)))
    apart = gaze((0, 1.5, "left"), (100, 101.5, "left"))
    # Two looks of 1.5 s each: neither is prolonged, so nothing is taken off.
    assert excerpt.readings({"eye_gaze": apart}, questions_s=[])["metrics"]["attentiveness"] == 0.0
    joined = excerpt.timeline(apart)
    assert joined.observations[1].start_s - joined.observations[0].end_s >= 0.5


def test_question_marks_in_the_stretches_are_moved_with_them():
    excerpt = Excerpt(((10.0, 20.0), (50.0, 60.0)))
    assert excerpt.moments([55.0, 12.0, 20.0, 5.0]) == [2.0, 10.0 + 0.5 + 5.0]
