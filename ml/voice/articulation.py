"""Articulation: how often a second the vocal tract closes and opens, and how fast the spectral envelope changes.

Syllables alternate between vowels and consonants, three to eight times a second in speech. A consonant shows as an
unvoiced or fricative stretch, or as a dip of the level. Sung vowels, instruments and tones have neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FRAME_S: Final = 0.064
"""Frames are as long as F0 needs them; the spectrum is taken from their middle half."""
HOP_S: Final = 0.02

_FFT_S: Final = 0.046
_MELS: Final = 18
_RANGE_HZ: Final = (150.0, 7000.0)
_FRICATIVE_HZ: Final = 3000.0
"""More energy above than below: a fricative."""
_CLOSED_DB: Final = 15.0
"""So much softer than the window's loud frames (95th percentile) is a closure or a pause."""
_DIP_DB: Final = 4.0
"""So much softer than the loudest frames within 0.16 s before and within 0.16 s after is a dip."""
_AROUND: Final = 8
_SMOOTHED: Final = 3
_SHORTEST: Final = 15
"""Frames; in shorter pieces dips are not counted."""
_AVERAGED: Final = 5


@dataclass(frozen=True)
class Spectrum:
    """Of n frames: ``bands_db`` (n, 18) mel bands, ``level_db`` (n,), ``open`` (n,) voiced and not a fricative."""

    bands_db: Floats
    level_db: Floats
    open: Flags


def spectrum(samples: Samples, rate_hz: int, voiced: Flags) -> Spectrum:
    """Of samples (n,) in -1..1, of which ``voiced`` (frames,) says whether each frame is voiced."""
    size, hop = round(FRAME_S * rate_hz), round(HOP_S * rate_hz)
    inner = size // 2
    if not voiced.size:
        return Spectrum(np.zeros((0, _MELS)), np.zeros(0), voiced)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop][: voiced.size]
    middles = frames[:, (size - inner) // 2 :][:, :inner] * np.hanning(inner)
    fft = 1 << (round(_FFT_S * rate_hz) - 1).bit_length()
    power = np.abs(np.fft.rfft(middles, fft, axis=1)) ** 2
    high = np.fft.rfftfreq(fft, 1 / rate_hz) > _FRICATIVE_HZ
    return Spectrum(
        10 * np.log10(power @ _filters(fft, rate_hz) + 1e-10),
        10 * np.log10(power.sum(axis=1) + 1e-10),
        voiced & (power[:, high].sum(axis=1) <= power[:, ~high].sum(axis=1)),
    )


def rate(spectra: Sequence[Spectrum]) -> float:
    """Consonants a second in a window given in pieces: the mean of how often a stretch that is unvoiced, fricative or
    closed begins, and how often the level dips."""
    frames = sum(one.level_db.size for one in spectra)
    if not frames:
        return 0.0
    loud_db = float(np.percentile(np.concatenate([one.level_db for one in spectra]), 95))
    stretches = dips = 0
    for one in spectra:
        stretches += sum(1 for _ in runs(~one.open | (one.level_db < loud_db - _CLOSED_DB)))
        dips += _dips(one.level_db)
    return (stretches + dips) / 2 / (frames * HOP_S)


def flux_db(one: Spectrum, apart: int) -> Floats:
    """Spectral flux: by how many dB (root mean square over bands, their mean left out) the envelope, averaged over five
    frames, changes within ``apart`` frames. (n - 4 - apart,): frame k is about frames k to k + 4 + apart."""
    if one.level_db.size < _AVERAGED + apart:
        return np.zeros(0)
    shape = one.bands_db - one.bands_db.mean(axis=1, keepdims=True)
    summed = np.cumsum(np.vstack([np.zeros(_MELS), shape]), axis=0)
    mean = (summed[_AVERAGED:] - summed[:-_AVERAGED]) / _AVERAGED
    return np.asarray(np.sqrt(np.mean((mean[apart:] - mean[:-apart]) ** 2, axis=1)))


def runs(flags: Flags) -> Iterator[tuple[int, int]]:
    """Where stretches of true values begin and end, in order."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    yield from zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)


def _dips(level_db: Floats) -> int:
    if level_db.size < _SHORTEST:
        return 0
    smooth = np.convolve(level_db, np.full(_SMOOTHED, 1 / _SMOOTHED), "same")
    padded = np.pad(smooth, _AROUND, mode="edge")
    highest = np.lib.stride_tricks.sliding_window_view(padded, _AROUND + 1).max(axis=1)
    before, after = highest[: smooth.size], highest[_AROUND:]
    inner = slice(2, -2)
    lowest = (smooth[1:-1] <= smooth[:-2]) & (smooth[1:-1] <= smooth[2:])
    deep = np.minimum(before, after) - smooth >= _DIP_DB
    return int(np.sum(deep[inner] & lowest[1:-1]))


@cache
def _filters(fft: int, rate_hz: int) -> Floats:
    """Triangular filters (bins, 18), evenly spaced in mel."""

    def mel(hz: NDArray[Any]) -> Floats:
        return np.asarray(2595 * np.log10(1 + hz / 700))

    lowest, highest = mel(np.array(_RANGE_HZ))
    edges = np.linspace(lowest, highest, _MELS + 2)
    bins = mel(np.fft.rfftfreq(fft, 1 / rate_hz))[:, np.newaxis]
    width = edges[1] - edges[0]
    return np.asarray(np.maximum(0, np.minimum((bins - edges[:-2]) / width, (edges[2:] - bins) / width)))
