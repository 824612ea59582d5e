"""Readings of a live session."""

from ml.live.reading import EYES_CLOSED, Reading
from ml.timeline import UNKNOWN, Observation


def test_a_reading_names_the_probabilities_of_its_observation():
    reading = Reading.of(Observation(1.0, 1.1, "sad", 0.7, (0.3, 0.7)), ("happy", "sad"))
    assert reading == Reading("sad", 0.7, {"happy": 0.3, "sad": 0.7})


def test_closed_eyes_have_no_probabilities():
    assert Reading.of(Observation(1.0, 1.1, UNKNOWN, 0.0), ("center",), EYES_CLOSED) == Reading(
        UNKNOWN, reason=EYES_CLOSED
    )
