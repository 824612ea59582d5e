"""Three seconds of speech as the mean MFCC that the paper's network takes.

The features are those of ``librosa.feature.mfcc`` (13 coefficients at 44,100 Hz, its defaults for the rest), averaged
over the coefficients of each frame, as the paper's public reference does. They are computed with numpy alone: librosa's
first call in a process compiles for seconds, which no live reading can wait for. A test holds the two equal.
"""

import functools
from typing import Final

import numpy as np

from ml.arrays import Float32, Float64, Samples
from ml.speech_emotion.features.window import SAMPLE_RATE, checked
from ml.voice.dsp import hann, resampled
from ml.voice.mel import slaney_filter_bank

FEATURE_RATE: Final = 2 * SAMPLE_RATE
"""Hz at which features are computed: the paper doubles the rate to get more frames out of a short clip."""

SKIPPED_S: Final = 0.5
"""The reference leaves out the first half second of a clip and takes the 2.5 s after it; so do we with every window."""

FRAMES: Final = 216
INPUT_SHAPE: Final = (1, FRAMES, 1)
"""What networks on this front end take, one example at a time."""

COEFFICIENTS: Final = 13
MELS: Final = 128

_FFT: Final = 2048
_HOP: Final = 512
_LEAST_POWER: Final = 1e-10
_RANGE_DB: Final = 80.0


def mfcc(samples: Samples, sample_rate: int = FEATURE_RATE, coefficients: int = COEFFICIENTS) -> Float32:
    """Mel-frequency cepstral coefficients (coefficients, frames) of sound (n,), as ``librosa.feature.mfcc``.

    Frames of 2048 samples every 512, centred and zero-padded; 128 Slaney mel bands; decibels clipped 80 below the
    loudest band of the clip; orthonormal cosine transform.
    """
    padded = np.pad(samples.astype(np.float32), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    power = np.abs(np.fft.rfft(frames * hann(_FFT), axis=1)) ** 2
    mel = power @ slaney_filter_bank(sample_rate, _FFT, MELS).T
    decibels = 10 * np.log10(np.maximum(mel, _LEAST_POWER))
    decibels = np.maximum(decibels, decibels.max() - _RANGE_DB)
    return np.asarray(_dct(coefficients) @ decibels.T, dtype=np.float32)


def at_feature_rate(samples: Samples) -> Samples:
    """The part of a window (66150,) that the features are computed from, (110250,) at 44,100 Hz."""
    return resampled(samples, SAMPLE_RATE, FEATURE_RATE)[int(SKIPPED_S * FEATURE_RATE) :]


def features(samples: Samples) -> Float32:
    """One window of speech (66150,) at 22,050 Hz to the mean MFCC (216,) of its frames, not standardised.

    Raises ``ValueError`` for any other length.
    """
    return np.asarray(mfcc(at_feature_rate(checked(samples))).mean(axis=0), dtype=np.float32)


def standardised(frames: Float32, *, mean: float, std: float) -> Float32:
    """Features (n, 216) to the network's input (n, 216, 1), with mean and deviation of the training clips."""
    return np.asarray((frames - mean) / std, dtype=np.float32)[..., np.newaxis]


def to_input(samples: Samples, *, mean: float, std: float) -> Float32:
    """One window of speech (66150,) to the network's input (1, 216, 1); ``mean`` and ``std`` are the manifest's."""
    return standardised(features(samples)[np.newaxis], mean=mean, std=std)


@functools.cache
def _dct(coefficients: int) -> Float64:
    """The first rows of the orthonormal DCT-II over mel bands: (coefficients, mels)."""
    k, n = np.arange(coefficients)[:, np.newaxis], np.arange(MELS)[np.newaxis]
    matrix = np.cos(np.pi * k * (2 * n + 1) / (2 * MELS)) * np.sqrt(2 / MELS)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix)
