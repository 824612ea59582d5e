"""Does the pitch stand still? It does in music, singing and tones, and hardly ever in speech.

A voice that speaks glides all the time, even a monotonous one; notes are held, and vibrato swings around them. What
counts is the pitch averaged over about one swing of a vibrato: where it moves by less than 15 hundredths of a semitone
in a tenth of a second, it stands still.
"""

from collections.abc import Iterable
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]

MUSICAL_SHARE: Final = 0.18
"""Of the frames of a window: from here on its pitch stands still too much for speech. Chosen on RAVDESS' actors 1 to
12, whose windows reach 0.14, and on synthesised singing and notes, which begin at 0.17."""

_FRAME_S: Final = 0.064
_HOP_S: Final = 0.02
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 700.0
_VOICED: Final = 0.6
"""Correlation of a frame with itself one period later from which it has a pitch."""
_NEARLY_BEST: Final = 0.9
"""The shortest period that is nearly as good as the best one counts, so that no octave below is taken."""
_AVERAGED: Final = 9
"""Frames (0.18 s) that the pitch is averaged over ..."""
_APART: Final = 5
"""... and by how many (0.1 s) the averages that are compared lie apart."""
_STILL_CENTS: Final = 15.0


def is_musical(pieces: Iterable[Samples], rate_hz: int) -> bool:
    """Whether these pieces of what sounds like a voice are singing, music or tones rather than speech."""
    return steady_share(pieces, rate_hz) >= MUSICAL_SHARE


def steady_share(pieces: Iterable[Samples], rate_hz: int) -> float:
    """0..1: the share of the frames of these pieces of sound (n,) in which the pitch stands still. Pieces too short to
    say count as moving."""
    still = frames = 0
    for piece in pieces:
        cents, voiced = _pitch(piece, rate_hz)
        frames += cents.size
        if cents.size < _AVERAGED + _APART:
            continue
        over = np.ones(_AVERAGED)
        whole = np.convolve(voiced, over, "valid") > _AVERAGED - 0.5
        mean = np.convolve(np.where(voiced, cents, 0.0), over / _AVERAGED, "valid")
        moved = np.abs(mean[_APART:] - mean[:-_APART])
        still += int(np.sum(whole[_APART:] & whole[:-_APART] & (moved < _STILL_CENTS)))
    return still / max(1, frames)


def _pitch(samples: Samples, rate_hz: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Of every frame: the pitch in hundredths of a semitone, and whether it has one (by autocorrelation)."""
    size = round(_FRAME_S * rate_hz)
    if samples.size < size:
        return np.zeros(0), np.zeros(0, np.bool_)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: round(_HOP_S * rate_hz)]
    window, own, padded = _window(size)
    frames = (frames - frames.mean(axis=1, keepdims=True)) * window
    power = np.abs(np.fft.rfft(frames, padded, axis=1)) ** 2
    correlation = np.fft.irfft(power, axis=1)[:, :size]
    # What the window takes from longer periods is given back.
    correlation = correlation / np.maximum(correlation[:, :1], 1e-12) / own
    shortest, longest = int(rate_hz / _HIGHEST_HZ), int(rate_hz / _LOWEST_HZ)
    near = correlation[:, shortest:longest]
    best = near.max(axis=1, keepdims=True)
    inner = near[:, 1:-1]
    peaks = (inner >= near[:, :-2]) & (inner > near[:, 2:]) & (inner >= _NEARLY_BEST * best)
    at = peaks.argmax(axis=1) + 1
    row = np.arange(len(near))
    before, here, after = near[row, at - 1], near[row, at], near[row, at + 1]
    # The top of a parabola through three points.
    beside = 0.5 * (before - after) / np.minimum(before - 2 * here + after, -1e-9)
    period = shortest + at + np.clip(beside, -0.5, 0.5)
    cents = 1200 * np.log2(rate_hz / period)
    return np.asarray(cents, np.float64), np.asarray(peaks.any(axis=1) & (here >= _VOICED))


@cache
def _window(size: int) -> tuple[Samples, Samples, int]:
    """The window of a frame, its own autocorrelation relative to that at 0, and the length of the transform."""
    window = np.hanning(size).astype(np.float32)
    padded = 1 << (2 * size - 1).bit_length()
    own = np.fft.irfft(np.abs(np.fft.rfft(window, padded)) ** 2)[:size]
    return window, np.maximum(own / own[0], 0.05).astype(np.float32), padded
