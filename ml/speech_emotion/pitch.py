"""How high, how much voiced and how loud: what a voice does from frame to frame.

Autocorrelation of every frame, divided by that of the frame's window so that a steady tone reads 1 at its period
(Boersma 1993), at half the rate: half the work, and the harmonics that tell voices from noise are still there. Aligned
with the frames of :mod:`ml.speech_emotion.log_mel`; computed with numpy alone: no compilation on the live path.
"""

import functools
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.log_mel import HOP, SILENCE_DB
from ml.speech_emotion.preprocessing import SAMPLE_RATE

PITCH_HZ, VOICED, LEVEL_DB = range(3)
"""Columns of a track."""

COLUMNS: Final = 3
LOWEST_HZ, HIGHEST_HZ = 65, 600

_RATE: Final = SAMPLE_RATE // 2
_HALF_BAND: Final = (-1 / 32, 0, 9 / 32, 16 / 32, 9 / 32, 0, -1 / 32)
"""What keeps sound above half the band from folding down when every second sample goes."""

_FRAME: Final = 768
_SHORTEST, _LONGEST = _RATE // HIGHEST_HZ, _RATE // LOWEST_HZ
_FFT: Final = 1024
"""More than a frame and the longest lag together, so that no lag read is folded into another."""

_OCTAVE_COST: Final = 0.06
"""What a period twice as long has to be stronger by: whatever repeats after one period repeats after two."""

_LEAST_POWER: Final = 10 ** (SILENCE_DB / 10)

Floats = npt.NDArray[np.float32]


def track(samples: Floats) -> Floats:
    """Pitch in Hz (65..600), strength of voicing (0..1) and level in decibels of full scale, float32 (frames, 3), of
    samples (n,) at 22,050 Hz; frame i is centred at sample ``i * HOP``.

    A frame in which nothing repeats has strength 0; its pitch then means nothing, but is finite.
    """
    padded = np.pad(np.convolve(samples, _HALF_BAND, mode="same")[::2].astype(np.float32), _FRAME // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[:: HOP // 2]
    frames = frames - frames.mean(axis=1, keepdims=True)
    correlation = _correlation(frames)
    lags = np.arange(_SHORTEST, _LONGEST)
    here, before, after = (correlation[:, _SHORTEST + step : _LONGEST + step] for step in (0, -1, 1))
    peaks = (here > before) & (here >= after)
    best = np.where(peaks, here * _preference(), -1).argmax(axis=1)
    rows = np.arange(len(frames))
    left, top, right = before[rows, best], here[rows, best], after[rows, best]
    found = peaks[rows, best]
    bend = np.where(found, left - 2 * top + right, -1)
    pitch = _RATE / (lags[best] + np.clip((left - right) / (2 * bend), -0.5, 0.5))
    level = 10 * np.log10(np.maximum(np.mean(frames * frames, axis=1), _LEAST_POWER))
    return np.stack([pitch, np.where(found, np.clip(top, 0, 1), 0), level], axis=1).astype(np.float32)


def _correlation(frames: Floats) -> Floats:
    """Autocorrelation (frames, lags) of a frame's sound, as if its window had not faded it; 1 at lag 0."""
    spectrum = np.fft.rfft(frames * _hann(), _FFT, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    correlation = np.fft.irfft(power, axis=1)[:, : _LONGEST + 1]
    return np.asarray(correlation / np.maximum(correlation[:, :1], _LEAST_POWER) / _fading(), dtype=np.float32)


@functools.cache
def _hann() -> Floats:
    return np.hanning(_FRAME).astype(np.float32)


@functools.cache
def _fading() -> Floats:
    """The window's own autocorrelation (lags,)."""
    power = np.abs(np.fft.rfft(_hann(), 2 * _FFT)) ** 2
    correlation = np.fft.irfft(power)[: _LONGEST + 1]
    return np.asarray(correlation / correlation[0], dtype=np.float32)


@functools.cache
def _preference() -> Floats:
    lags = np.arange(_SHORTEST, _LONGEST)
    return (1 - _OCTAVE_COST * np.log2(lags / _SHORTEST)).astype(np.float32)
