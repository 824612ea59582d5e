"""The numbers of a window of speech."""

import numpy as np
import pytest

from ml.speech_emotion import functionals, voice_window
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES


def numbers(samples):
    return voice_window.to_input(samples)[0, voice_window.NUMBERS].ravel()


def test_a_louder_microphone_gives_the_same_numbers(spoken_window):
    plain = numbers(spoken_window)
    assert np.abs(plain).max() > 1
    for gain in (1 / 16, 4):
        assert numbers(gain * spoken_window) == pytest.approx(plain, abs=1e-3)


def test_other_sounds_give_other_numbers(spoken_window):
    plain, backwards = numbers(spoken_window), numbers(spoken_window[::-1])
    assert np.abs(plain - backwards).mean() > 0.1


def test_a_higher_voice_reads_higher_by_its_interval():
    times = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE

    def median_semitones(hertz):
        voice = 0.1 * sum(np.sin(2 * np.pi * hertz * k * times) / k for k in range(1, 9)).astype(np.float32)
        return numbers(voice)[functionals.COUNT - 60 + 2]

    assert median_semitones(100) == pytest.approx(0, abs=0.05)
    assert median_semitones(200) == pytest.approx(12, abs=0.05)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(WINDOW_SAMPLES),
        np.eye(1, WINDOW_SAMPLES, 30_000)[0],
        np.ones(WINDOW_SAMPLES),
        np.random.default_rng(0).normal(0, 0.1, WINDOW_SAMPLES),
        np.sin(2 * np.pi * 200 / SAMPLE_RATE * np.arange(WINDOW_SAMPLES)),
    ],
    ids=["silence", "a click", "an offset", "noise", "a tone"],
)
def test_every_sound_gives_finite_numbers(samples):
    assert np.isfinite(voice_window.to_input(samples.astype(np.float32))).all()
