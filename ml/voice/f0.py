"""Fundamental frequency (F0) by autocorrelation, frame by frame."""

from functools import cache
from typing import Final, NamedTuple

import numpy as np

from ml.arrays import Bool, Float32, Float64, Samples
from ml.voice.dsp import power_of_two

FRAME_S: Final = 0.064
HOP_S: Final = 0.02

LOWEST_HZ: Final = 65.0
HIGHEST_HZ: Final = 700.0

_VOICED_CORRELATION: Final = 0.6
"""From this correlation of a frame with itself one period later, it is voiced."""
_OCTAVE_TOLERANCE: Final = 0.9
"""The shortest period whose correlation is at least this share of the best one is taken, against octave errors."""


class F0Track(NamedTuple):
    """Of n frames of :data:`FRAME_S` every :data:`HOP_S`, the first from the first sample on: F0 in ``cents`` above
    1 Hz (n,), and whether each is ``voiced`` (n,)."""

    cents: Float64
    voiced: Bool


def track(samples: Samples, rate_hz: int) -> F0Track:
    """The F0 track of sound (n,); without frames where the sound is shorter than one."""
    size = round(FRAME_S * rate_hz)
    if samples.size < size:
        return F0Track(np.zeros(0), np.zeros(0, np.bool_))
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: round(HOP_S * rate_hz)]
    shortest, longest = int(rate_hz / HIGHEST_HZ), int(rate_hz / LOWEST_HZ)
    window, window_autocorrelation, padded = _window(size, longest)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    spectrum = np.fft.rfft(frames, padded, axis=1)
    correlation = np.fft.irfft(spectrum.real**2 + spectrum.imag**2, axis=1)[:, :longest]
    # Divided by the window's own autocorrelation, or longer periods would correlate less.
    correlation = correlation / np.maximum(correlation[:, :1], 1e-12) / window_autocorrelation
    near = correlation[:, shortest:]
    best = near.max(axis=1, keepdims=True)
    inner = near[:, 1:-1]
    peaks = (inner >= near[:, :-2]) & (inner > near[:, 2:]) & (inner >= _OCTAVE_TOLERANCE * best)
    at = peaks.argmax(axis=1) + 1
    row = np.arange(len(near))
    before, here, after = near[row, at - 1], near[row, at], near[row, at + 1]
    # The top of a parabola through three points.
    beside = 0.5 * (before - after) / np.minimum(before - 2 * here + after, -1e-9)
    period = shortest + at + np.clip(beside, -0.5, 0.5)
    cents = 1200 * np.log2(rate_hz / period)
    return F0Track(np.asarray(cents, np.float64), np.asarray(peaks.any(axis=1) & (here >= _VOICED_CORRELATION)))


@cache
def _window(size: int, longest: int) -> tuple[Float32, Float32, int]:
    """The Hann window of a frame, its autocorrelation up to the lag ``longest`` relative to lag 0, and the length of
    the Fourier transform: the shortest fast one that does not wrap around at these lags."""
    window = np.hanning(size).astype(np.float32)
    padded = power_of_two(size + longest)
    own = np.fft.irfft(np.abs(np.fft.rfft(window, padded)) ** 2)[:longest]
    return window, np.maximum(own / own[0], 0.05).astype(np.float32), padded
