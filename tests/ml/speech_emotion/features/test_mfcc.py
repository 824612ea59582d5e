"""MFCC of our own against librosa's, and the window's way into the network."""

import warnings

import numpy as np
import pytest

from ml.speech_emotion.features import mfcc
from ml.speech_emotion.features.mfcc import FEATURE_RATE
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.voice.dsp import resampled


@pytest.fixture(scope="module")
def window():
    """Three seconds with a pause, a sweep and noise, at 22,050 Hz."""
    random = np.random.default_rng(0)
    t = np.arange(WINDOW_SAMPLES) / SAMPLE_RATE
    sound = 0.3 * np.sin(2 * np.pi * (200 + 400 * t) * t) * (t > 0.8) + 0.01 * random.normal(size=t.size)
    sound[:4000] = 0
    return sound.astype(np.float32)


@pytest.mark.training
def test_mfcc_equal_librosas(window):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import librosa

    doubled = resampled(window, SAMPLE_RATE, FEATURE_RATE)
    theirs = librosa.feature.mfcc(y=doubled, sr=FEATURE_RATE, n_mfcc=13)
    assert np.abs(mfcc.mfcc(doubled) - theirs).max() < 1e-2
    assert np.abs(theirs).max() > 100


def test_a_window_has_216_frames(window):
    assert mfcc.features(window).shape == (216,)
    tensor = mfcc.to_input(window, mean=-30.0, std=10.0)
    assert tensor.shape == (1, 216, 1)
    assert tensor.dtype == np.float32
    assert np.allclose(tensor[0, :, 0] * 10 - 30, mfcc.features(window), atol=1e-3)


def test_the_first_half_second_is_not_read(window):
    other = window.copy()
    begin = SAMPLE_RATE // 3
    other[:begin] = 0.05 * np.random.default_rng(1).normal(size=begin)
    assert np.abs(mfcc.features(other) - mfcc.features(window))[10:].max() < 1.0


def test_silence_gives_finite_numbers():
    assert np.isfinite(mfcc.features(np.zeros(WINDOW_SAMPLES, np.float32))).all()


def test_another_length_is_refused():
    with pytest.raises(ValueError, match="A window of speech has 66150 samples"):
        mfcc.features(np.zeros(1000, np.float32))
