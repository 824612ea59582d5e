"""Signal processing that more than one module needs: levels, windows, resampling and band-pass by Fourier transform."""

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.arrays import Float32, Samples


def rms_db(samples: npt.NDArray[Any]) -> Any:
    """RMS level over the last axis, in decibels of full scale; digital silence is -120."""
    return 10 * np.log10(np.mean(np.square(samples, dtype=np.float64), axis=-1) + 1e-12)


@functools.cache
def hann(length: int) -> Float32:
    """The periodic Hann window (length,)."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length), dtype=np.float32)


def power_of_two(at_least: int) -> int:
    """The smallest power of two that is not below ``at_least``: a length that Fourier transforms are fast for."""
    return 1 << (at_least - 1).bit_length()


def resampled(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """Sound (n,) at another sample rate, band-limited: its spectrum is cut, or filled with zeros. For whole clips;
    :class:`ml.voice.resampling.StreamResampler` takes streams."""
    count = round(len(samples) * to_hz / from_hz)
    if count == len(samples):
        return np.asarray(samples, dtype=np.float32)
    spectrum = np.fft.rfft(samples)
    kept = np.zeros(count // 2 + 1, dtype=spectrum.dtype)
    shared = min(len(kept), len(spectrum))
    kept[:shared] = spectrum[:shared]
    return np.asarray(np.fft.irfft(kept, n=count) * (count / len(samples)), dtype=np.float32)


def band_pass(samples: Samples, rate_hz: int, low_hz: float, high_hz: float, *, size: int | None = None) -> Samples:
    """Sound (n,) without anything outside a band of frequencies. ``size`` of the Fourier transform is ``n`` or more; n
    by default."""
    size = size or len(samples)
    spectrum = np.fft.rfft(samples, size)
    hz = np.fft.rfftfreq(size, 1 / rate_hz)
    spectrum[(hz < low_hz) | (hz > high_hz)] = 0
    return np.asarray(np.fft.irfft(spectrum, size)[: len(samples)], dtype=np.float32)
