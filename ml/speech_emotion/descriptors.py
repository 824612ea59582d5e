"""A window of speech in many plain numbers, for comparing it with windows that are known.

Beside the few and considered numbers of :mod:`ml.speech_emotion.functionals` these are many and simple, in sections:
how the cepstra and the mel bands are spread (moments and quantiles, as in the large feature sets of the field: Eyben
et al. 2010, openSMILE), how spectrum and voice go on over the stretch that is spoken, and how fast the bands swell and
fade (a modulation spectrum). Everything is relative to the window's own loud frames.
"""

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion import contours
from ml.speech_emotion.functionals import CEPSTRA, cosines
from ml.speech_emotion.log_mel import MELS

QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)

_PARTS, _COARSE_PARTS = 12, 4
"""Into how many equal parts the spoken stretch is cut, for means and for spreads."""

_COURSE: Final = 20
"""Cepstra whose course is followed: those above tell voices rather than sounds."""

_SWELLS, _EVERY_BAND = 16, 4
"""Modulation frequencies, from one swell in a window on, and of which bands they are taken: each fourth."""

_COUNTS: Final = {
    "cepstra": (4 + 3 + 1 + 2 * len(QUANTILES)) * CEPSTRA,
    "bands": (4 + 1 + len(QUANTILES)) * MELS,
    "spectrum's course": _PARTS * _COURSE,
    "voice's course": _PARTS * contours.COLUMNS,
    "modulation": _SWELLS * MELS // _EVERY_BAND,
    "spectrum's unrest": _COARSE_PARTS * _COURSE,
}
COUNT: Final = sum(_COUNTS.values())
"""How many numbers a window gives: 2,040."""

_ENDS: Final = np.cumsum(list(_COUNTS.values()))
SECTIONS: Final = tuple(slice(int(end) - count, int(end)) for count, end in zip(_COUNTS.values(), _ENDS, strict=True))
"""Where the sections lie, in their order."""

_QUIET_AT, _SOFTNESS = 1 / 3, 0.2
"""In units of the picture (2: loud, 15 dB each): 25 dB below the loud frames one counts half, and how softly."""

_LEAST_VARIANCE: Final = 1e-6

Floats = npt.NDArray[np.float32]


def of_window(picture: Floats, courses: Floats) -> Floats:
    """The numbers float32 (2040,) of a standardised log-mel picture (frames, 80) and the contours (frames, 5) of the
    same frames; finite for any sound, silence too."""
    cepstra = picture @ cosines(MELS, CEPSTRA).T.astype(np.float32)
    loud = 1 / (1 + np.exp(-(picture.max(axis=1) - _QUIET_AT) / _SOFTNESS))
    share, heard = loud / loud.sum(), loud > 0.5
    spoken = np.flatnonzero(heard)
    begin, end = int(spoken[0]), int(spoken[-1]) + 1
    steps = _steps(cepstra)
    sections = (
        [
            *_moments(cepstra, share),
            *_moments(steps, share)[1:],
            _moments(_steps(steps), share)[1],
            _quantiles(cepstra[heard]),
            _quantiles(steps[heard]),
        ],
        [*_moments(picture, share), _moments(_steps(picture), share)[1], _quantiles(picture[heard])],
        [part.mean(axis=0) for part in _parts(cepstra[:, :_COURSE], begin, end, _PARTS)],
        [part.mean(axis=0) for part in _parts(courses, begin, end, _PARTS)],
        [_modulation(picture[:, ::_EVERY_BAND])],
        [part.std(axis=0) for part in _parts(cepstra[:, :_COURSE], begin, end, _COARSE_PARTS)],
    )
    return np.concatenate([numbers for section in sections for numbers in section]).astype(np.float32)


def _moments(values: Floats, share: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Mean, spread, skewness and kurtosis (k,) of values (frames, k), of which every frame counts by its share."""
    mean = share @ values
    apart = values - mean
    square = apart * apart
    spread = np.sqrt(share @ square + _LEAST_VARIANCE)
    return mean, spread, share @ (square * apart) / spread**3, share @ (square * square) / spread**4


def _quantiles(values: Floats) -> Floats:
    """Quantiles (5 * k,) of values (frames, k), between neighbours in proportion."""
    ordered = np.sort(values, axis=0)
    places = np.array(QUANTILES) * (len(values) - 1)
    below = places.astype(int)
    above = np.minimum(below + 1, len(values) - 1)
    between = (places - below).astype(np.float32)[:, np.newaxis]
    return np.asarray(ordered[below] * (1 - between) + ordered[above] * between).ravel()


def _steps(values: Floats) -> Floats:
    """The slope of values (frames, k) at every frame, fitted over two frames to either side."""
    count = len(values)
    padded = np.pad(values, ((2, 2), (0, 0)), mode="edge")
    near, far = padded[3 : count + 3] - padded[1 : count + 1], padded[4:] - padded[:count]
    return np.asarray((near + 2 * far) / 10, dtype=np.float32)


def _parts(values: Floats, begin: int, end: int, count: int) -> list[Floats]:
    """Values (frames, k) from ``begin`` to ``end`` in equal parts of at least two frames, where there are two."""
    edges = np.linspace(begin, end, count + 1).round().astype(int)
    return [values[first : max(first + 2, last)] for first, last in pairwise(edges)]


def _modulation(bands: Floats) -> Floats:
    """The logarithmic strength of each band's first swells, (16 * bands,)."""
    strength = np.abs(np.fft.rfft(bands - bands.mean(axis=0), axis=0))[1 : _SWELLS + 1]
    return np.asarray(np.log1p(strength)).ravel()
