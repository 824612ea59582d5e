"""From three seconds of speech to the network's input: the one function that training and serving share.

The features are those of ``librosa.feature.mfcc`` (13 coefficients at 44,100 Hz, its defaults for the rest), averaged
over the coefficients of each frame, as the paper's public reference does. They are computed with numpy alone: librosa's
first call in a process compiles for seconds, which no live reading can wait for. A test holds the two equal.
"""

import functools
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features.mel import filter_bank, hann

SAMPLE_RATE: Final = 22_050
"""Hz of the samples that come in."""

WINDOW_S: Final = 3.0
WINDOW_SAMPLES: Final = int(SAMPLE_RATE * WINDOW_S)

FEATURE_RATE: Final = 2 * SAMPLE_RATE
"""Hz at which features are computed: the paper doubles the rate to get more frames out of a short clip."""

SKIPPED_S: Final = 0.5
"""The reference reads 2.5 s after the first half second of a clip; so do we of every window."""

FRAMES: Final = 216
INPUT_SHAPE: Final = (1, FRAMES, 1)
"""What every network of this room takes, one example at a time."""

COEFFICIENTS: Final = 13
MELS: Final = 128

_FFT: Final = 2048
_HOP: Final = 512
_LEAST_POWER: Final = 1e-10
_RANGE_DB: Final = 80.0

Floats = npt.NDArray[np.float32]


def double_rate(samples: Floats) -> Floats:
    """Samples (n,) at one rate to (2 n,) at twice the rate, band-limited (zeros appended to the spectrum)."""
    spectrum = np.fft.rfft(samples)
    padded = np.zeros(len(samples) + 1, dtype=spectrum.dtype)
    padded[: len(spectrum)] = spectrum
    return np.asarray(2 * np.fft.irfft(padded, n=2 * len(samples)), dtype=np.float32)


def mfcc(samples: Floats, sample_rate: int = FEATURE_RATE, coefficients: int = COEFFICIENTS) -> Floats:
    """Mel-frequency cepstral coefficients (coefficients, frames) of samples (n,), as ``librosa.feature.mfcc``.

    Frames of 2048 samples every 512, centred and zero-padded; 128 Slaney mel bands; decibels clipped 80 below the
    loudest band of the clip; orthonormal cosine transform.
    """
    padded = np.pad(samples.astype(np.float32), _FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[::_HOP]
    power = np.abs(np.fft.rfft(frames * hann(_FFT), axis=1)) ** 2
    mel = power @ filter_bank(sample_rate, _FFT, MELS).T
    decibels = 10 * np.log10(np.maximum(mel, _LEAST_POWER))
    decibels = np.maximum(decibels, decibels.max() - _RANGE_DB)
    return np.asarray(_cosines(coefficients) @ decibels.T, dtype=np.float32)


def features(samples: Floats) -> Floats:
    """One window of speech float32 (66150,) at 22,050 Hz, -1..1, to the mean MFCC of its 216 frames, not normalised.

    Raises ``ValueError`` for any other length.
    """
    if samples.shape != (WINDOW_SAMPLES,):
        raise ValueError(f"A window of speech has {WINDOW_SAMPLES} samples, not {samples.shape}.")
    kept = double_rate(samples)[int(SKIPPED_S * FEATURE_RATE) :]
    return np.asarray(mfcc(kept).mean(axis=0), dtype=np.float32)


def normalise(frames: Floats, *, mean: float, std: float) -> Floats:
    """Features (n, 216) to the network's input (n, 216, 1), with the training clips' mean and deviation."""
    return np.asarray((frames - mean) / std, dtype=np.float32)[..., np.newaxis]


def to_input(samples: Floats, *, mean: float, std: float) -> Floats:
    """One window of speech float32 (66150,) to float32 (1, 216, 1); ``mean`` and ``std`` stand in the manifest."""
    return normalise(features(samples)[np.newaxis], mean=mean, std=std)


@functools.cache
def _cosines(coefficients: int) -> npt.NDArray[np.float64]:
    """The first rows of the orthonormal DCT-II over mel bands: (coefficients, mels)."""
    k, n = np.arange(coefficients)[:, np.newaxis], np.arange(MELS)[np.newaxis]
    matrix = np.cos(np.pi * k * (2 * n + 1) / (2 * MELS)) * np.sqrt(2 / MELS)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix)
