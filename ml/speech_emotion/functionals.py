"""A window of speech in numbers: how its spectrum, its pitch and its level are spread and how they move.

What the hand-made feature sets of the field hold (Eyben et al. 2016, "The Geneva minimalistic acoustic parameter set"),
from what is there already: the log-mel picture and the track of :mod:`ml.speech_emotion.pitch`. Everything is relative
to the window's own loud frames, so that a louder copy of the same sound gives the same numbers.
"""

import functools
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.log_mel import MELS
from ml.speech_emotion.pitch import LEVEL_DB, PITCH_HZ, VOICED

CEPSTRA: Final = 30
"""Coefficients of the cosine transform over mel bands: the coarse shape of a spectrum."""

_SPECTRAL: Final = 6 * CEPSTRA + 3 * 12 + 3
_VOICE: Final = 60
COUNT: Final = _SPECTRAL + _VOICE
"""How many numbers a window gives: 279."""

_QUIET_AT, _QUIET_SLOPE = 0.4, 4.0
"""In units of the picture (2: loud, 15 dB each): where a frame begins to count, and how sharply."""

_STEP, _LEAP = 2, 8
"""Frames apart at which movement is measured: 46 ms, within a sound, and 186 ms, from syllable to syllable."""

_LOUD_PERCENTILE: Final = 95.0
_SPEECH_RANGE_DB: Final = 30.0
_VOICED_FROM: Final = 0.6
_FEWEST_VOICED: Final = 6
"""With fewer voiced frames than this there is no contour to speak of: all numbers of the voice are 0."""

_REFERENCE_HZ: Final = 100.0
_FRAMES_PER_S: Final = 50.0
"""Roughly, to keep counts of frames near 1 as the other numbers are."""

_CONTOUR_POINTS, _CONTOUR_WAVES = 24, 8
_PITCH_BINS: Final = 12

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]


def of_window(picture: Floats, track: Floats) -> Floats:
    """The numbers float32 (279,) of a standardised log-mel picture (frames, 80) and the track (frames, 3) of the same
    frames; finite for any sound, silence too."""
    return np.concatenate([_spectral(picture.astype(np.float64)), _voice(track.astype(np.float64))]).astype(np.float32)


def _spectral(picture: Doubles) -> Doubles:
    """Spread and movement of the cepstra over the frames that are loud enough, and how they change over the window."""
    cepstra = picture @ cosines(MELS, CEPSTRA).T
    loudness = picture.max(axis=1)
    weight = 1 / (1 + np.exp(-_QUIET_SLOPE * (loudness - _QUIET_AT)))
    mean = _mean(cepstra, weight)
    spread = np.sqrt(_mean((cepstra - mean) ** 2, weight) + 1e-4)
    skew = _mean(((cepstra - mean) / spread) ** 3, weight)
    steps, inner = cepstra[_STEP:] - cepstra[:-_STEP], weight[_STEP // 2 : -_STEP // 2]
    leaps, middle = cepstra[_LEAP:] - cepstra[:-_LEAP], weight[_LEAP // 2 : -_LEAP // 2]
    passed = np.cumsum(weight) / (weight.sum() + 1e-3)
    thirds = [
        (_mean(cepstra, weight * ((passed > begin) & (passed <= end))) - mean)[:12]
        for begin, end in ((0, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 1.01))
    ]
    heard = [weight.sum() / _FRAMES_PER_S, float(_mean(loudness[:, np.newaxis], weight)[0]), loudness.std()]
    movement = [np.sqrt(_mean(steps**2, inner) + 1e-4), _mean(np.abs(steps), inner)]
    return np.concatenate([mean, spread, skew, *movement, np.sqrt(_mean(leaps**2, middle) + 1e-4), *thirds, heard])


def _voice(track: Doubles) -> Doubles:
    """Pitch in semitones, level and voicing: percentiles, ranges, movement, contours and how they go together."""
    top = np.percentile(track[:, LEVEL_DB], _LOUD_PERCENTILE)
    loud = track[:, LEVEL_DB] > top - _SPEECH_RANGE_DB
    voiced = loud & (track[:, VOICED] > _VOICED_FROM)
    if voiced.sum() < _FEWEST_VOICED:
        return np.zeros(_VOICE)
    semitones = 12 * np.log2(track[:, PITCH_HZ] / _REFERENCE_HZ)
    frames = np.flatnonzero(voiced)
    pitch, level, strength = semitones[frames], track[frames, LEVEL_DB], track[frames, VOICED]
    return np.concatenate(
        [
            _pitch(pitch, frames),
            _voicing(voiced, loud, strength, track[loud, VOICED]),
            _level(track[loud, LEVEL_DB]),
            _contour(pitch, frames),
            _contour(level, frames),
            np.histogram(np.clip(pitch - np.median(pitch), -11.9, 11.9), _PITCH_BINS, (-12, 12))[0] / len(pitch),
            [_correlation(pitch, level), np.median(np.abs(np.diff(pitch, 2)))],
            _syllables(semitones, frames),
        ]
    )


def _pitch(pitch: Doubles, frames: npt.NDArray[np.intp]) -> Doubles:
    """How high, how wide, rising or falling, and how far it moves from one frame to the next."""
    low, lower, median, higher, high = np.percentile(pitch, (10, 25, 50, 75, 90))
    first, _, last = (np.median(third) for third in np.array_split(pitch, 3))
    moves = np.diff(pitch)[np.diff(frames) == 1]
    moves = moves if len(moves) > 2 else np.zeros(3)
    size = np.abs(moves)
    time = np.linspace(-0.5, 0.5, len(pitch))
    slope = (time @ pitch) / (time @ time)
    ranges = (high - low, higher - lower, pitch.std(), first - median, last - median, slope)
    movement = (size.mean(), np.median(size), moves.mean(), (moves > 0).mean())
    return np.array([low, lower, median, higher, high, *ranges, *movement])


def _voicing(voiced: npt.NDArray[np.bool_], loud: npt.NDArray[np.bool_], strength: Doubles, all_: Doubles) -> Doubles:
    """How much of the speech is voiced, in how many pieces, and how purely."""
    pieces = np.count_nonzero(np.diff(voiced.astype(np.int8)) == 1)
    amounts = (voiced.sum() / _FRAMES_PER_S, voiced.sum() / loud.sum(), loud.sum() / _FRAMES_PER_S, pieces)
    return np.array([*amounts, strength.mean(), all_.mean(), strength.std()])


def _level(level: Doubles) -> Doubles:
    """How much the level varies, without how high it is."""
    return np.array([level.std(), np.abs(np.diff(level)).mean(), np.percentile(level, 25) - np.percentile(level, 90)])


def _contour(values: Doubles, frames: npt.NDArray[np.intp]) -> Doubles:
    """The course of a value from the first voiced frame to the last, in slow waves; unvoiced stretches are bridged."""
    moments = np.linspace(frames[0], frames[-1], _CONTOUR_POINTS)
    course = np.interp(moments, frames, values - np.median(values))
    return np.asarray(cosines(_CONTOUR_POINTS, _CONTOUR_WAVES) @ course)


def _syllables(semitones: Doubles, frames: npt.NDArray[np.intp]) -> Doubles:
    """The pieces of voice between unvoiced sounds and pauses: how long, how wide in pitch, rising or falling."""
    pieces = np.split(frames, np.flatnonzero(np.diff(frames) > 1) + 1)
    lengths = [len(piece) for piece in pieces]
    long = [piece for piece in pieces if len(piece) > 3]
    ranges = [float(np.ptp(semitones[piece])) for piece in long] or [0.0]
    slopes = [float(semitones[piece[-1]] - semitones[piece[0]]) / len(piece) for piece in long] or [0.0]
    return np.array([np.mean(lengths), max(lengths), np.mean(ranges), max(ranges), np.mean(slopes)])


def _mean(values: Doubles, weight: Doubles) -> Doubles:
    """Weighted mean over frames (k,) of values (frames, k)."""
    return np.asarray((weight @ values) / (weight.sum() + 1e-3))


def _correlation(one: Doubles, other: Doubles) -> float:
    spread = one.std() * other.std()
    return float(np.mean((one - one.mean()) * (other - other.mean())) / spread) if spread > 0 else 0.0


@functools.cache
def cosines(points: int, waves: int) -> Doubles:
    """The first rows of the orthonormal DCT-II over ``points``: (waves, points)."""
    k, n = np.arange(waves)[:, np.newaxis], np.arange(points)[np.newaxis]
    matrix = np.cos(np.pi * k * (2 * n + 1) / (2 * points)) * np.sqrt(2 / points)
    matrix[0] /= np.sqrt(2)
    return np.asarray(matrix)
