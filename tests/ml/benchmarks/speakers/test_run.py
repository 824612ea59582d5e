"""The outcomes of speaker attribution against the truth."""

import numpy as np
import pytest

from ml.benchmarks.speakers.arrays import Heard, Recording
from ml.benchmarks.speakers.dialogue import LENGTH_S, dialogue
from ml.benchmarks.speakers.people import FPS, RATE_HZ, Talker
from ml.benchmarks.speakers.run import measure, outcomes, text
from ml.demo.speech import speak
from ml.faces.mouth import MouthMovement
from ml.spans import seconds
from ml.voice.attribution import Attribution
from ml.voice.timbre import NO_FRAMES


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


def test_figures_are_measured_again_from_what_was_kept(tmp_path):
    """Two channels; in the mixed layout nothing was heard."""
    answers, questions = ((4.0, 9.0),), ((0.5, 3.8),)
    own = {0: list(questions), 1: list(answers)}
    times_s = np.arange(0.0, 10.0, 0.1)
    openness = np.where(times_s < 4.0, 0.02, 0.02 + 0.1 * np.random.default_rng(0).random(times_s.size))
    openness += np.random.default_rng(1).normal(0, 0.004, times_s.size)
    heard = {
        "two channels": Heard((*questions, *answers), NO_FRAMES, own),
        "mixed": Heard((), NO_FRAMES, {}),
    }
    built = Recording("somebody", "a voice", MouthMovement(times_s, openness), answers, questions, heard)
    built.save(tmp_path / "reported-000.npz")
    figures = measure(tmp_path, tmp_path, kept=tmp_path)
    assert figures["recordings"][0]["kind"] == "two people"
    assert figures["kinds"]["two people"]["two channels"]["right"] == 1
    assert figures["kinds"]["two people"]["mixed"]["missed"] == 1
    assert "somebody" in text(figures)
