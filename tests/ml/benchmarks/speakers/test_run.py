"""The outcomes of speaker attribution against the truth."""

import numpy as np
import pytest

from ml.benchmarks.speakers.dialogue import LENGTH_S, dialogue
from ml.benchmarks.speakers.people import FPS, RATE_HZ, Talker
from ml.benchmarks.speakers.run import outcomes
from ml.demo.speech import speak
from ml.faces.mouth import MouthMovement
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


def test_the_mouth_of_a_built_recording_is_the_candidates_while_they_speak_and_a_listeners_in_the_rest():
    voice = speak("I have worked as a software engineer for seven years, and I like it.", rate_hz=RATE_HZ)
    length_s = voice.size / RATE_HZ
    times_s = np.arange(0.0, length_s, 1 / FPS)
    talker = Talker("somebody", MouthMovement(times_s, 1 + times_s), 0.2 * voice, ((0.0, length_s),))
    listener = MouthMovement(np.arange(0.0, 8.0, 0.1), np.linspace(0, 0.1, 80))
    question = speak("What was the hardest part of it?", rate_hz=RATE_HZ, voice="en-us+f3")
    built = dialogue(talker, listener, question, seed=1)
    assert built.candidate.size == built.interviewer.size == round(LENGTH_S * RATE_HZ)
    assert seconds(built.answers) > 2
    assert seconds(built.questions) > 2
    mouth = built.mouth
    talks = np.any([(mouth.times_s > a + 0.3) & (mouth.times_s < b - 0.3) for a, b in built.answers], axis=0)
    assert np.all(mouth.openness[talks] >= 1)
    first_s = min(start_s for start_s, _ in (*built.answers, *built.questions))
    assert np.all(mouth.openness[mouth.times_s < min(0.25, first_s)] <= 0.1)
    assert mouth.openness[mouth.openness < 1].size > 2 * FPS
    assert len(mouth.times_s) / FPS == pytest.approx(LENGTH_S, abs=0.1)
