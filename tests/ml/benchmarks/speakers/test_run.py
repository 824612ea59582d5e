"""The outcomes of speaker attribution against the truth."""

import numpy as np
import pytest

from ml.benchmarks.speakers.dialogue import LENGTH_S, dialogue
from ml.benchmarks.speakers.people import FPS, RATE_HZ, Talker
from ml.benchmarks.speakers.run import outcomes
from ml.demo.speech import speak
from ml.spans import seconds
from ml.voice.attribution import Attribution


def test_every_second_of_speech_has_one_outcome():
    found = Attribution(candidate=((0.0, 2.0),), other=((2.0, 5.0),), unknown=((5.0, 6.0),))
    counted = outcomes(found, answers=((0.0, 3.0),), questions=((3.0, 8.0),))
    assert counted == {"right": 0.5, "wrong": 0.125, "unknown": 0.125, "missed": 0.25, "speech_s": 8.0}


def test_where_both_speak_either_is_right():
    both = ((0.0, 2.0),)
    for found in (Attribution(candidate=both), Attribution(other=both)):
        assert outcomes(found, answers=both, questions=both)["right"] == 1


def test_a_built_recording_shows_the_candidate_talking_while_they_speak():
    voice = speak("I have worked as a software engineer for seven years, and I like it.", rate_hz=RATE_HZ)
    length_s = voice.size / RATE_HZ
    pictures = np.zeros((round(length_s * FPS), 4, 4, 3), np.uint8)
    pictures[:] = np.arange(len(pictures))[:, np.newaxis, np.newaxis, np.newaxis]
    talker = Talker("somebody", pictures, 0.2 * voice, ((0.0, length_s),), rest=(1, 3))
    built = dialogue(talker, speak("What was the hardest part of it?", rate_hz=RATE_HZ, voice="en-us+f3"), seed=1)
    assert built.candidate.size == built.interviewer.size == round(LENGTH_S * RATE_HZ)
    assert seconds(built.answers) > 2
    assert seconds(built.questions) > 2
    times_s = np.arange(len(built.pictures)) / FPS
    talks = np.any([(times_s > a + 0.3) & (times_s < b - 0.3) for a, b in built.answers], axis=0)
    shown = built.pictures[:, 0, 0, 0]
    assert shown[talks].max() > 3
    assert set(shown[times_s < 0.25].tolist()) <= {1, 2, 3}
    assert pytest.approx(len(shown) / FPS, abs=0.1) == LENGTH_S
