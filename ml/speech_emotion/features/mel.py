"""Slaney's mel scale and filter bank (Slaney 1998, *Auditory Toolbox*), as librosa and Whisper use them."""

import functools
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

# Linear to 1 kHz (15 mel), logarithmic above, 27 steps to 6.4 kHz.
_KNEE_HZ: Final = 1000.0
_KNEE_MEL: Final = 15.0
_LOG_STEP: Final = float(np.log(6.4) / 27.0)


def hz_to_mel(hz: float) -> float:
    return float(hz * 3 / 200 if hz < _KNEE_HZ else _KNEE_MEL + np.log(hz / _KNEE_HZ) / _LOG_STEP)


def mel_to_hz(mel: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return np.where(mel < _KNEE_MEL, mel * 200 / 3, _KNEE_HZ * np.exp(_LOG_STEP * (mel - _KNEE_MEL)))


@functools.cache
def filter_bank(sample_rate: int, fft: int, mels: int) -> Floats:
    """Triangular filters (mels, fft // 2 + 1) from 0 Hz to half of ``sample_rate``, each of unit area over frequency,
    as ``librosa.filters.mel(sr=sample_rate, n_fft=fft, n_mels=mels)``."""
    edges = mel_to_hz(np.linspace(0.0, hz_to_mel(sample_rate / 2), mels + 2))
    bins = np.linspace(0, sample_rate / 2, fft // 2 + 1)
    widths = np.diff(edges)
    ramps = edges[:, np.newaxis] - bins
    rising = -ramps[:-2] / widths[:-1, np.newaxis]
    falling = ramps[2:] / widths[1:, np.newaxis]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges[2:] - edges[:-2]))[:, np.newaxis], dtype=np.float32)


@functools.cache
def hann(length: int) -> Floats:
    """The periodic Hann window (length,)."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length), dtype=np.float32)
