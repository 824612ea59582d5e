"""Mel scales and filter banks: Slaney's (*Auditory Toolbox*, 1998), as librosa and Whisper use it, and HTK's."""

import functools
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.arrays import Float32, Float64

# Linear to 1 kHz (15 mel), logarithmic above, 27 steps to 6.4 kHz.
_KNEE_HZ: Final = 1000.0
_KNEE_MEL: Final = 15.0
_LOG_STEP: Final = float(np.log(6.4) / 27.0)


@functools.cache
def slaney_filter_bank(sample_rate: int, fft: int, mels: int) -> Float32:
    """Triangular filters (mels, fft // 2 + 1) from 0 Hz to half of ``sample_rate``, each of unit area over frequency,
    as ``librosa.filters.mel(sr=sample_rate, n_fft=fft, n_mels=mels)``."""
    edges = _slaney_to_hz(np.linspace(0.0, _hz_to_slaney(sample_rate / 2), mels + 2))
    bins = np.linspace(0, sample_rate / 2, fft // 2 + 1)
    widths = np.diff(edges)
    ramps = edges[:, np.newaxis] - bins
    rising = -ramps[:-2] / widths[:-1, np.newaxis]
    falling = ramps[2:] / widths[1:, np.newaxis]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * (2.0 / (edges[2:] - edges[:-2]))[:, np.newaxis], dtype=np.float32)


@functools.cache
def htk_filter_bank(sample_rate: int, fft: int, mels: int, range_hz: tuple[float, float]) -> Float64:
    """Filters (mels, fft // 2 + 1) that are triangles over HTK's mel scale, from 0 to 1 and evenly spaced."""
    lowest, highest = _hz_to_htk(np.array(range_hz))
    edges = np.linspace(lowest, highest, mels + 2)[:, np.newaxis]
    bins = _hz_to_htk(np.fft.rfftfreq(fft, 1 / sample_rate))
    width = edges[1] - edges[0]
    return np.asarray(np.maximum(0, np.minimum((bins - edges[:-2]) / width, (edges[2:] - bins) / width)))


def _hz_to_slaney(hz: float) -> float:
    return float(hz * 3 / 200 if hz < _KNEE_HZ else _KNEE_MEL + np.log(hz / _KNEE_HZ) / _LOG_STEP)


def _slaney_to_hz(mel: npt.NDArray[Any]) -> Float64:
    return np.where(mel < _KNEE_MEL, mel * 200 / 3, _KNEE_HZ * np.exp(_LOG_STEP * (mel - _KNEE_MEL)))


def _hz_to_htk(hz: npt.NDArray[Any]) -> Float64:
    return np.asarray(2595 * np.log10(1 + hz / 700))
