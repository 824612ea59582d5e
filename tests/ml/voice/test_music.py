"""Held notes are music; gliding voices and flatly spoken sentences are speech."""

import numpy as np
import pytest

from ml.benchmarks.voice import non_speech, vocoder
from ml.demo.speech import speak, speak_at
from ml.voice.music import MIN_STEADY_SHARE, is_musical, steady_share

RATE = 22_050
TIMES = np.arange(3 * RATE) / RATE


def tone(hz, *, vibrato=0.0):
    """Three seconds with eight harmonics; ``hz`` a number or an array like ``TIMES``."""
    phase = 2 * np.pi * np.cumsum(hz * (1 + vibrato * np.sin(2 * np.pi * 5.5 * TIMES))) / RATE
    return (0.1 * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


@pytest.mark.parametrize("hz", [90.0, 220.0, 550.0])
@pytest.mark.parametrize("vibrato", [0.0, 0.015])
def test_a_held_note_stands_still_with_vibrato_too(hz, vibrato):
    assert steady_share([tone(hz, vibrato=vibrato)], RATE) > 0.7


def test_notes_in_turn_are_musical():
    scale = 220 * 2 ** (np.floor(TIMES / 0.5) * 2 / 12)
    assert is_musical([tone(scale)], RATE)


def test_a_gliding_voice_is_not():
    glide = 150 + 60 * np.sin(2 * np.pi * 0.7 * TIMES)
    assert not is_musical([tone(glide)], RATE)


@pytest.mark.parametrize("voice", ["en-us", "en-us+f2", "de+f3"])
@pytest.mark.parametrize("text", ["Say the word rain.", "I like to build things that last for a long time."])
def test_a_flatly_spoken_sentence_is_speech_although_its_pitch_stands_still(voice, text):
    flat = speak(text, rate_hz=RATE, voice=voice, pitch=60, intonation=0, words_per_minute=130)
    assert not is_musical([flat], RATE)


def test_a_sentence_on_one_exact_pitch_is_speech_and_slowly_sung_on_notes_it_is_not():
    said = speak("Say the word rain.", rate_hz=RATE, voice="en-us+f2", intonation=0)
    flat = vocoder.resynthesize(said, RATE, lambda times: np.full(times.shape, 210.0))
    assert steady_share([flat], RATE) > MIN_STEADY_SHARE
    assert not is_musical([flat], RATE)

    def notes(times):
        return 210 * 2 ** (np.array([0, 4, 7, 4, 0, 5, 9])[(times / 0.6).astype(int) % 7] / 12)

    sung = vocoder.resynthesize(said, RATE, notes, slower=3.0)[: 3 * RATE]
    assert is_musical([sung], RATE)


@pytest.mark.parametrize("name", ["singing", "talking notes", "melody with vibrato"])
def test_notes_that_nobody_speaks_stay_musical(name):
    made = non_speech.sound(name, 2)
    assert is_musical([made[: 3 * 16_000]], 16_000)


def test_noise_has_no_pitch():
    noise = np.random.default_rng(1).normal(0, 0.1, TIMES.size).astype(np.float32)
    assert steady_share([noise], RATE) == 0


def test_speech_is_far_below_the_limit_at_any_level():
    voice = speak_at([(0.0, "I like to build things that last for a long time.")], duration_s=3, rate_hz=RATE)
    share = steady_share([voice], RATE)
    assert share < MIN_STEADY_SHARE / 2
    assert steady_share([voice * np.float32(0.01)], RATE) == pytest.approx(share, abs=0.01)


def test_pieces_too_short_to_say_count_as_moving():
    assert steady_share([], RATE) == 0
    assert steady_share([tone(220.0)[:100]], RATE) == 0
    whole = tone(220.0)
    assert steady_share([whole, np.zeros_like(whole)], RATE) < 0.6
