"""Articulation: how often a second the vocal tract closes and opens, and how fast the spectral envelope changes.

Syllables alternate between vowels and consonants, three to eight times a second in speech. A consonant shows as an
unvoiced or fricative stretch, or as a dip of the level. Sung vowels, instruments and tones have neither.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Bool, Float64, Samples
from ml.voice.dsp import power_of_two
from ml.voice.f0 import FRAME_S, HOP_S
from ml.voice.mel import htk_filter_bank

_FFT_S: Final = 0.046
_MELS: Final = 18
_RANGE_HZ: Final = (150.0, 7000.0)
_FRICATIVE_HZ: Final = 3000.0
"""A frame with more energy above this than below is a fricative."""
_CLOSURE_DB: Final = 15.0
"""A frame so much softer than the loud ones (95th percentile of the window) is a closure or a pause."""
_DIP_DB: Final = 4.0
"""A dip is so much softer than the loudest frames within 0.16 s before it and within 0.16 s after it."""
_DIP_FRAMES: Final = 8
_SMOOTHING_FRAMES: Final = 3
_MIN_DIP_FRAMES: Final = 15
"""In pieces of fewer frames no dips are counted."""
_FLUX_AVERAGE_FRAMES: Final = 5


@dataclass(frozen=True)
class Spectra:
    """Of n frames of F0: ``bands_db`` (n, 18) mel bands, ``level_db`` (n,), ``open`` (n,) voiced and not a fricative.

    The spectrum of a frame is taken from its middle half.
    """

    bands_db: Float64
    level_db: Float64
    open: Bool


def spectra(samples: Samples, rate_hz: int, voiced: Bool) -> Spectra:
    """Of sound (n,), of which ``voiced`` (frames,) are the frames' flags (:mod:`ml.voice.f0`)."""
    size, hop = round(FRAME_S * rate_hz), round(HOP_S * rate_hz)
    inner = size // 2
    if not voiced.size:
        return Spectra(np.zeros((0, _MELS)), np.zeros(0), voiced)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[::hop][: voiced.size]
    middles = frames[:, (size - inner) // 2 :][:, :inner] * np.hanning(inner)
    fft = power_of_two(round(_FFT_S * rate_hz))
    power = np.abs(np.fft.rfft(middles, fft, axis=1)) ** 2
    high = np.fft.rfftfreq(fft, 1 / rate_hz) > _FRICATIVE_HZ
    return Spectra(
        10 * np.log10(power @ htk_filter_bank(rate_hz, fft, _MELS, _RANGE_HZ).T + 1e-10),
        10 * np.log10(power.sum(axis=1) + 1e-10),
        voiced & (power[:, high].sum(axis=1) <= power[:, ~high].sum(axis=1)),
    )


def consonant_rate(pieces: Sequence[Spectra]) -> float:
    """Consonants a second of a window that is given in pieces.

    It is the mean of two counts: the beginnings of stretches that are unvoiced, fricative or closed, and the dips of
    the level.
    """
    frames = sum(piece.level_db.size for piece in pieces)
    if not frames:
        return 0.0
    loud_db = float(np.percentile(np.concatenate([piece.level_db for piece in pieces]), 95))
    stretches = dips = 0
    for piece in pieces:
        stretches += sum(1 for _ in runs(~piece.open | (piece.level_db < loud_db - _CLOSURE_DB)))
        dips += _dips(piece.level_db)
    return (stretches + dips) / 2 / (frames * HOP_S)


def spectral_flux_db(piece: Spectra, lag: int) -> Float64:
    """Spectral flux (n - 4 - lag,): the change of the envelope within ``lag`` frames, in dB (root mean square over the
    bands, without their mean). The envelope is averaged over five frames; value k is about frames k to k + 4 + lag."""
    if piece.level_db.size < _FLUX_AVERAGE_FRAMES + lag:
        return np.zeros(0)
    shape = piece.bands_db - piece.bands_db.mean(axis=1, keepdims=True)
    summed = np.cumsum(np.vstack([np.zeros(_MELS), shape]), axis=0)
    mean = (summed[_FLUX_AVERAGE_FRAMES:] - summed[:-_FLUX_AVERAGE_FRAMES]) / _FLUX_AVERAGE_FRAMES
    return np.asarray(np.sqrt(np.mean((mean[lag:] - mean[:-lag]) ** 2, axis=1)))


def runs(flags: Bool) -> Iterator[tuple[int, int]]:
    """Where runs of true values (n,) begin and end, in order."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    yield from zip(np.flatnonzero(edges == 1).tolist(), np.flatnonzero(edges == -1).tolist(), strict=True)


def _dips(level_db: Float64) -> int:
    if level_db.size < _MIN_DIP_FRAMES:
        return 0
    smooth = np.convolve(level_db, np.full(_SMOOTHING_FRAMES, 1 / _SMOOTHING_FRAMES), "same")
    padded = np.pad(smooth, _DIP_FRAMES, mode="edge")
    highest = np.lib.stride_tricks.sliding_window_view(padded, _DIP_FRAMES + 1).max(axis=1)
    before, after = highest[: smooth.size], highest[_DIP_FRAMES:]
    inner = slice(2, -2)
    lowest = (smooth[1:-1] <= smooth[:-2]) & (smooth[1:-1] <= smooth[2:])
    deep = np.minimum(before, after) - smooth >= _DIP_DB
    return int(np.sum(deep[inner] & lowest[1:-1]))
