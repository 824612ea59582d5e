"""The courses of pitch, voicing and level over a window."""

import numpy as np
import pytest

from ml.speech_emotion import contours, pitch
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES

RELATIVE, PITCH, VOICING, LEVEL, VOICED = range(contours.COLUMNS)


def voice(hertz, *, gain=0.1):
    times = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE
    phase = 2 * np.pi * np.cumsum(np.broadcast_to(hertz, times.shape)) / SAMPLE_RATE
    return (gain * sum(np.sin(k * phase) / k for k in range(1, 9))).astype(np.float32)


def of(samples):
    return contours.of_track(pitch.track(samples))


def test_a_voice_an_octave_higher_reads_one_higher_and_moves_no_more():
    low, high = (of(voice(hertz))[5:-5] for hertz in (100, 200))
    assert high[:, PITCH] - low[:, PITCH] == pytest.approx(1, abs=0.02)
    assert np.abs(np.concatenate([low, high])[:, RELATIVE]).max() < 0.05
    assert low[:, VOICED].all()


def test_a_rising_voice_rises_around_its_own_median():
    octave = 2 ** np.linspace(0, 1, WINDOW_SAMPLES)
    course = of(voice(120 * octave))[5:-5, RELATIVE]
    assert (np.diff(course) > -0.05).all()
    assert np.ptp(course) == pytest.approx(2, abs=0.2)
    assert np.median(course) == pytest.approx(0, abs=0.02)


def test_a_louder_microphone_gives_the_same_contours(spoken_window):
    assert of(4 * spoken_window) == pytest.approx(of(spoken_window), abs=1e-3)


@pytest.mark.parametrize("samples", [np.zeros(WINDOW_SAMPLES), np.eye(1, WINDOW_SAMPLES, 30_000)[0]])
def test_where_nobody_speaks_there_is_no_pitch_and_nothing_infinite(samples):
    found = of(samples.astype(np.float32))
    assert np.isfinite(found).all()
    assert not found[:20, [RELATIVE, PITCH, VOICED]].any()
