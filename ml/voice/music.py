"""Music detection: singing, music and tones among what voice activity detection takes for speech.

Notes are held: their F0, averaged over about one period of a vibrato, is steady (it changes by less than 15 cents in
0.1 s). F0 is hardly ever steady in speech, but it is in flatly spoken sentences. So a window with steady F0 is music
only if it also articulates less than speech does (:mod:`ml.voice.articulation`). More articulation is required where
the spectrum is steady together with F0, and where F0 steps from note to note.

Chosen on flat speech (espeak-ng without intonation; RAVDESS actors 1 to 12, half of nEMO and of LibriSpeech with their
F0 made constant) and on synthesised music and singing; figures: ``manage.py benchmark_voice_activity``. A sentence that
is chanted on one note at the rate of speech cannot be distinguished from a flatly spoken one and counts as speech.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Bool, Float64, Samples
from ml.voice import articulation, f0

MIN_STEADY_SHARE: Final = 0.18
"""A window may be music from this share of frames with steady F0 on. Windows of RAVDESS' actors 1 to 12 reach 0.14,
synthesised singing and notes begin at 0.17."""

MIN_CONSONANT_RATE: Final = 1.7
"""Consonants a second that speech has at least. Flat speech has 2.1 and more."""
STEADY_SPECTRUM_DB: Final = 2.5
"""A window whose median spectral flux is below this has a steady spectrum, too. Flat speech has 4.2 and more."""
HELD_CONSONANT_RATE: Final = (0.6, 10.0)
"""Consonants a second that are required of a window in which F0 and spectrum are steady together: the first number plus
the second times the share of such frames. Flat speech exceeds it by 0.35 and more, synthesised music nowhere."""
MELODY_CONSONANT_RATE: Final = 3.0
"""Consonants a second that are required where F0 steps between held notes."""

_AVERAGE_FRAMES: Final = 9
"""F0 is averaged over so many frames (0.18 s)."""
_LAG_FRAMES: Final = 5
"""The averages that are compared lie so many frames (0.1 s) apart."""
_STEADY_CENTS: Final = 15.0
_STEADY_FLUX_DB: Final = 3.0
_FLUX_DELAY_FRAMES: Final = 2
"""The flux has shorter averages: taken so many frames later, it is about the same time as F0."""
_NOTE_CENTS: Final = 80.0
"""Two stretches of steady F0 that differ by more than this are two notes."""
_MIN_NOTE_FRAMES: Final = 3
_MELODY_NOTES: Final = 3
"""So many notes in a row are a melody; a flat sentence may have two levels."""


def is_musical(pieces: Iterable[Samples], rate_hz: int) -> bool:
    """Whether a window is singing, music or tones and not speech. ``pieces`` are its stretches (n,) of detected
    speech."""
    pieces = [np.asarray(piece) for piece in pieces]
    pitches = [_steadiness(piece, rate_hz) for piece in pieces]
    if _steady_share(pitches) < MIN_STEADY_SHARE:
        return False
    spectra = [articulation.spectra(piece, rate_hz, pitch.voiced) for piece, pitch in zip(pieces, pitches, strict=True)]
    fluxes = [articulation.spectral_flux_db(piece, _LAG_FRAMES) for piece in spectra]
    if np.median(np.concatenate(fluxes)) < STEADY_SPECTRUM_DB:
        return True
    return articulation.consonant_rate(spectra) < _required_rate(pitches, fluxes)


def steady_share(pieces: Iterable[Samples], rate_hz: int) -> float:
    """0..1: the share of the frames of these pieces of sound (n,) in which F0 is steady. Pieces that are too short to
    measure count as not steady."""
    return _steady_share([_steadiness(piece, rate_hz) for piece in pieces])


@dataclass(frozen=True)
class _Steadiness:
    """Of n frames: the flags ``voiced`` (n,); F0 ``mean_cents`` and the flags ``steady``, both (n - 13,), whose value k
    is about frames k to k + 13."""

    voiced: Bool
    mean_cents: Float64
    steady: Bool


def _steadiness(samples: Samples, rate_hz: int) -> _Steadiness:
    cents, voiced = f0.track(samples, rate_hz)
    if cents.size < _AVERAGE_FRAMES + _LAG_FRAMES:
        return _Steadiness(voiced, np.zeros(0), np.zeros(0, np.bool_))
    ones = np.ones(_AVERAGE_FRAMES)
    all_voiced = np.convolve(voiced, ones, "valid") > _AVERAGE_FRAMES - 0.5
    mean = np.convolve(np.where(voiced, cents, 0.0), ones / _AVERAGE_FRAMES, "valid")
    changes = np.abs(mean[_LAG_FRAMES:] - mean[:-_LAG_FRAMES])
    steady = all_voiced[_LAG_FRAMES:] & all_voiced[:-_LAG_FRAMES] & (changes < _STEADY_CENTS)
    return _Steadiness(voiced, mean[_LAG_FRAMES:], steady)


def _steady_share(pitches: list[_Steadiness]) -> float:
    return sum(int(pitch.steady.sum()) for pitch in pitches) / max(1, sum(pitch.voiced.size for pitch in pitches))


def _required_rate(pitches: list[_Steadiness], fluxes: list[Float64]) -> float:
    """Consonants a second from which the window is speech."""
    held = 0
    for pitch, whole in zip(pitches, fluxes, strict=True):
        flux = whole[_FLUX_DELAY_FRAMES:][: pitch.steady.size]
        held += int(np.sum(pitch.steady[: flux.size] & (flux < _STEADY_FLUX_DB)))
    share = held / max(1, sum(pitch.voiced.size for pitch in pitches))
    melody = MELODY_CONSONANT_RATE if max(map(_notes, pitches)) >= _MELODY_NOTES else 0.0
    return max(MIN_CONSONANT_RATE, HELD_CONSONANT_RATE[0] + HELD_CONSONANT_RATE[1] * share, melody)


def _notes(pitch: _Steadiness) -> int:
    """How many stretches of steady F0 follow each other on different notes."""
    notes, last = 0, -np.inf
    for begin, end in articulation.runs(pitch.steady):
        if end - begin >= _MIN_NOTE_FRAMES:
            here = float(pitch.mean_cents[begin:end].mean())
            notes += abs(here - last) > _NOTE_CENTS
            last = here
    return notes
