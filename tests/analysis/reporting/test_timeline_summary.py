"""What is said of the timelines as a whole: the voice's second emotion, and where face and eyes differ."""

import pytest

from analysis.reporting.timeline_summary import (
    DIFFER,
    face_and_eyes,
    face_and_eyes_spans,
    mean_probabilities,
    run_pieces,
)
from ml.timeline import Observation, Timeline
from tests.factories.timelines import timelines_of


def test_the_voice_keeps_its_second_emotion_weighted_by_time():
    voice = (Observation(0, 3, "calm", 0.9, (0.9, 0.1)), Observation(5, 6, "sad", 0.7, (0.3, 0.7)))
    assert mean_probabilities(Timeline("speech_emotion", ("calm", "sad"), voice)) == [("calm", 0.75), ("sad", 0.25)]


def test_without_probabilities_there_is_no_second_emotion():
    assert mean_probabilities(Timeline("speech_emotion", ("calm",), (Observation(0, 1, "calm", 1.0),))) == []


def test_face_and_eyes_that_differ_are_counted_with_the_pair_that_lasts_longest():
    timelines = timelines_of(
        facial_expression=[(0, 4, "happy"), (4, 10, "neutral"), (10, 11, "sad")],
        eye_emotion=[(0, 9, "happiness"), (10, 11, "anger")],
    )
    found = face_and_eyes(face_and_eyes_spans(timelines))
    assert found == {
        "together_s": 10.0,
        "same": pytest.approx(0.4),
        "face": "neutral",
        "eyes": "happiness",
        "pair_s": 5.0,
    }
    pieces = dict(run_pieces(timelines=timelines, duration_s=11.0))
    assert pieces[f"stretches/{DIFFER}"]["stretches"] == [[4, 9, 0], [10, 11, 0]]
    assert pieces["summary"]["face_and_eyes"] == found


def test_without_eyes_there_is_nothing_to_differ_from():
    assert face_and_eyes(face_and_eyes_spans(timelines_of(facial_expression=[(0, 4, "happy")]))) is None
