"""Singing, music and tones among what voice activity detection takes for a voice.

Notes are held: averaged over about one period of a vibrato, their F0 stands still (moves by less than 15 cents in
0.1 s). In most speech it hardly ever does. But flatly spoken sentences stand still too, so a window in which F0 stands
still counts as music only if it does not articulate as speech: speech closes and opens the mouth several times a
second (:mod:`ml.voice.articulation`). The more the spectrum stands still together with F0, and where F0 steps
from note to note, the more articulation is required.

Chosen on flat speech (espeak-ng without intonation; RAVDESS actors 1 to 12, half of nEMO and of LibriSpeech with their
F0 made constant) and on synthesised music and singing; figures: ``manage.py benchmark_voice_activity``. A sentence
chanted on one note at the rate of speech cannot be told from one spoken flatly, and counts as speech.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.voice import articulation

Samples = NDArray[np.float32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

MUSICAL_SHARE: Final = 0.18
"""Share of a window's frames with still F0 from which it may be music. Windows of RAVDESS' actors 1 to 12 reach 0.14,
synthesised singing and notes begin at 0.17."""

LEAST_RATE: Final = 1.7
"""Articulation, per second, that speech has at least. Flat speech has 2.1 and more."""
STILL_SPECTRUM_DB: Final = 2.5
"""Median spectral flux below which the spectrum stands still, too. Flat speech has 4.2 and more."""
HELD_RATE: Final = (0.6, 10.0)
"""Articulation that is required of a window in which F0 and spectrum stand still together: the first plus the second
times the share of such frames. Flat speech exceeds it by 0.35 a second and more, made music nowhere."""
NOTES_RATE: Final = 3.0
"""Articulation that is required where F0 steps between held notes."""

_FRAME_S: Final = articulation.FRAME_S
_HOP_S: Final = articulation.HOP_S
_LOWEST_HZ, _HIGHEST_HZ = 65.0, 700.0
_VOICED: Final = 0.6
"""Correlation of a frame with itself one period later from which it is voiced."""
_NEARLY_BEST: Final = 0.9
"""The shortest period that is nearly as good as the best one counts, so that no octave below is taken."""
_AVERAGED: Final = 9
"""Frames (0.18 s) that F0 is averaged over ..."""
_APART: Final = 5
"""... and by how many (0.1 s) the averages that are compared lie apart."""
_STILL_CENTS: Final = 15.0
_STILL_FLUX_DB: Final = 3.0
_FLUX_LATER: Final = 2
"""So many frames later the flux begins, whose averages are shorter, to be about the same time."""
_NOTE_CENTS: Final = 80.0
"""From here on two stretches of still F0 are two notes."""
_NOTE_FRAMES: Final = 3
_NOTES: Final = 3
"""So many notes in a row are a melody; a flat sentence may have two levels."""


def is_musical(pieces: Iterable[Samples], rate_hz: int) -> bool:
    """Whether a window is singing, music or tones rather than speech. ``pieces`` are its stretches (n,) of what was
    taken for a voice, in -1..1."""
    pieces = [np.asarray(piece) for piece in pieces]
    tracks = [_f0_track(piece, rate_hz) for piece in pieces]
    if _share(tracks) < MUSICAL_SHARE:
        return False
    spectra = [articulation.spectrum(piece, rate_hz, track.voiced) for piece, track in zip(pieces, tracks, strict=True)]
    fluxes = [articulation.flux_db(one, _APART) for one in spectra]
    if np.median(np.concatenate(fluxes)) < STILL_SPECTRUM_DB:
        return True
    return articulation.rate(spectra) < _required(tracks, fluxes)


def steady_share(pieces: Iterable[Samples], rate_hz: int) -> float:
    """0..1: the share of the frames of these pieces of sound (n,) in which F0 stands still. Pieces too short to say
    count as moving."""
    return _share([_f0_track(piece, rate_hz) for piece in pieces])


@dataclass(frozen=True)
class _F0Track:
    """Of n frames: whether each is ``voiced`` (n,); ``mean`` F0 in cents and ``still``, both (n - 13,): frame k is
    about frames k to k + 13."""

    voiced: Flags
    mean: Floats
    still: Flags


def _share(tracks: list[_F0Track]) -> float:
    return sum(int(track.still.sum()) for track in tracks) / max(1, sum(track.voiced.size for track in tracks))


def _required(tracks: list[_F0Track], fluxes: list[Floats]) -> float:
    """Articulation a second from which the window is speech."""
    held = 0
    for track, whole in zip(tracks, fluxes, strict=True):
        flux = whole[_FLUX_LATER:][: track.still.size]
        held += int(np.sum(track.still[: flux.size] & (flux < _STILL_FLUX_DB)))
    share = held / max(1, sum(track.voiced.size for track in tracks))
    melody = NOTES_RATE if max(map(_notes, tracks)) >= _NOTES else 0.0
    return max(LEAST_RATE, HELD_RATE[0] + HELD_RATE[1] * share, melody)


def _notes(track: _F0Track) -> int:
    """How many stretches of still F0 follow each other on different notes."""
    notes, last = 0, -np.inf
    for begin, end in articulation.runs(track.still):
        if end - begin >= _NOTE_FRAMES:
            here = float(track.mean[begin:end].mean())
            notes += abs(here - last) > _NOTE_CENTS
            last = here
    return notes


def _f0_track(samples: Samples, rate_hz: int) -> _F0Track:
    cents, voiced = f0_of(samples, rate_hz)
    if cents.size < _AVERAGED + _APART:
        return _F0Track(voiced, np.zeros(0), np.zeros(0, np.bool_))
    over = np.ones(_AVERAGED)
    whole = np.convolve(voiced, over, "valid") > _AVERAGED - 0.5
    mean = np.convolve(np.where(voiced, cents, 0.0), over / _AVERAGED, "valid")
    moved = np.abs(mean[_APART:] - mean[:-_APART])
    return _F0Track(voiced, mean[_APART:], whole[_APART:] & whole[:-_APART] & (moved < _STILL_CENTS))


def f0_of(samples: Samples, rate_hz: int) -> tuple[Floats, Flags]:
    """F0 in cents above 1 Hz and whether the frame is voiced, both (frames,), by autocorrelation: frames of 64 ms every
    20 ms, the first from the first sample on."""
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
