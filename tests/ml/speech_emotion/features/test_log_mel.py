"""The log-mel spectrogram of Whisper's encoder."""

import numpy as np
import pytest

from ml.speech_emotion.features import log_mel
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.voice.dsp import resampled
from ml.voice.mel import slaney_filter_bank


@pytest.fixture
def sound():
    return (0.1 * np.random.default_rng(0).normal(size=log_mel.FEATURE_SAMPLES)).astype(np.float32)


def test_a_window_is_300_frames_of_80_bands(sound):
    assert log_mel.log_mel(sound).shape == (300, 80)
    assert log_mel.to_input(np.zeros(WINDOW_SAMPLES, np.float32)).shape == log_mel.INPUT_SHAPE


def test_it_is_whispers_spectrogram_with_its_maximum_at_a_constant(sound):
    """Against the reference: short-time Fourier transform as defined in Whisper's audio.py."""
    padded = np.pad(sound, 200, mode="reflect")
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    frames = np.stack([padded[160 * i : 160 * i + 400] * window for i in range(300)])
    decades = np.log10(np.maximum(np.abs(np.fft.rfft(frames)) ** 2 @ slaney_filter_bank(16_000, 400, 80).T, 1e-10))
    whispers = (np.maximum(decades, decades.max() - 8) + 4) / 4
    assert log_mel.log_mel(sound) == pytest.approx(whispers - whispers.max() + 1.5, abs=1e-4)


def test_the_gain_of_the_microphone_does_not_matter(sound):
    assert log_mel.log_mel(sound * 0.01) == pytest.approx(log_mel.log_mel(sound), abs=1e-3)


def test_silence_is_finite():
    assert np.isfinite(log_mel.log_mel(np.zeros(log_mel.FEATURE_SAMPLES, np.float32))).all()


@pytest.mark.parametrize("samples", [0, 47_999, 48_001])
def test_a_window_of_another_length_is_refused(samples):
    with pytest.raises(ValueError, match="48000 samples"):
        log_mel.log_mel(np.zeros(samples, np.float32))
    with pytest.raises(ValueError, match="66150 samples"):
        log_mel.to_input(np.zeros(samples, np.float32))


def test_sound_recorded_at_16_khz_gives_the_same_spectrogram(sound):
    raised = resampled(sound, 16_000, SAMPLE_RATE)
    assert log_mel.to_input(raised)[0] == pytest.approx(log_mel.log_mel(sound), abs=0.02)
