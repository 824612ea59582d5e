"""Pitch, voicing and level of a voice, frame by frame, where they are known."""

import numpy as np
import pytest

from ml.speech_emotion import log_mel, pitch
from ml.speech_emotion.preprocessing import SAMPLE_RATE, WINDOW_SAMPLES

TIMES = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE
INNER = slice(3, -3)  # the frames at both ends are half silence


def tone(hertz, *, level=0.05):
    """A tone with eleven overtones, each weaker than the one before."""
    return (level * sum(np.sin(2 * np.pi * hertz * k * TIMES + k) / k for k in range(1, 12))).astype(np.float32)


@pytest.mark.parametrize("hertz", [80, 110, 220, 440, 580])
def test_the_pitch_of_a_voice_is_its_lowest_tone(hertz):
    found = pitch.track(tone(hertz))[INNER]
    assert found[:, pitch.PITCH_HZ] == pytest.approx(hertz, rel=0.002)
    assert found[:, pitch.VOICED].min() > 0.95


def test_noise_is_not_voiced_and_hardly_moves_the_pitch_of_a_voice():
    noise = np.random.default_rng(0).normal(0, 0.01, WINDOW_SAMPLES).astype(np.float32)
    assert pitch.track(noise)[:, pitch.VOICED].mean() < 0.3
    found = pitch.track(tone(150) + noise)[INNER]
    assert found[:, pitch.PITCH_HZ] == pytest.approx(150, rel=0.01)


def test_a_gliding_voice_is_followed():
    hertz = 120 * 2 ** (TIMES / 3)
    phase = 2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE
    sound = 0.05 * sum(np.sin(k * phase) / k for k in range(1, 10)).astype(np.float32)
    found = pitch.track(sound)[INNER, pitch.PITCH_HZ]
    expected = hertz[:: log_mel.HOP][: len(found) + 6][INNER]
    assert found == pytest.approx(expected, rel=0.02)


def test_frames_are_those_of_the_picture():
    sound = tone(200)
    sound[: WINDOW_SAMPLES // 2] = 0
    track, picture = pitch.track(sound), log_mel.spectrogram(sound)
    assert track.shape == (len(picture), pitch.COLUMNS)
    half = WINDOW_SAMPLES / 2 / log_mel.HOP
    assert abs((track[:, pitch.LEVEL_DB] > -60).argmax() - half) <= 2
    assert abs((picture.max(axis=1) > -60).argmax() - half) <= 2


def test_ten_times_louder_is_20_decibels_more_and_the_same_pitch():
    soft, loud = pitch.track(tone(130)), pitch.track(tone(130, level=0.5))
    assert loud[:, pitch.LEVEL_DB] - soft[:, pitch.LEVEL_DB] == pytest.approx(20, abs=0.01)
    assert loud[:, pitch.PITCH_HZ] == pytest.approx(soft[:, pitch.PITCH_HZ], rel=1e-4)


def test_silence_is_finite_and_unvoiced():
    found = pitch.track(np.zeros(WINDOW_SAMPLES, np.float32))
    assert np.isfinite(found).all()
    assert not found[:, pitch.VOICED].any()
    assert found[:, pitch.LEVEL_DB] == pytest.approx(log_mel.SILENCE_DB)
