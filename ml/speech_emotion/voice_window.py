"""Three seconds of speech as a picture, as contours and as numbers, in the one tensor that a served network takes.

Rows of 80: first the 129 of :mod:`ml.speech_emotion.log_mel`'s picture; then the five contours of
:mod:`ml.speech_emotion.contours`, one after the other, and the 279 numbers of :mod:`ml.speech_emotion.functionals`,
each with zeros up to the end of its last row.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion import contours, functionals, log_mel, pitch

_CONTOUR_ROWS: Final = -(-contours.COLUMNS * log_mel.FRAMES // log_mel.MELS)
_NUMBER_ROWS: Final = -(-functionals.COUNT // log_mel.MELS)

PICTURE: Final = slice(0, log_mel.FRAMES)
PICTURE_AND_CONTOURS: Final = slice(0, log_mel.FRAMES + _CONTOUR_ROWS)
NUMBERS: Final = slice(PICTURE_AND_CONTOURS.stop, PICTURE_AND_CONTOURS.stop + _NUMBER_ROWS)
"""Rows of an input."""

ROWS: Final = NUMBERS.stop
INPUT_SHAPE: Final = (1, ROWS, log_mel.MELS, 1)
"""What networks on this front end take, one example at a time: (1, 142, 80, 1)."""

Floats = npt.NDArray[np.float32]


def to_input(samples: Floats) -> Floats:
    """One window of speech float32 (66150,) at 22,050 Hz, -1..1, to float32 (1, 142, 80, 1).

    Raises ``ValueError`` for any other length.
    """
    pictures = log_mel.to_input(samples)
    track = pitch.track(samples)[: log_mel.FRAMES]
    numbers = functionals.of_window(pictures[0, ..., 0], track)
    return pack(pictures, contours.of_track(track)[np.newaxis], numbers[np.newaxis])


def pack(pictures: Floats, courses: Floats, numbers: Floats | None = None) -> Floats:
    """Pictures (n, 129, 80, 1), contours (n, 129, 5) and numbers (n, 279) to inputs (n, 142, 80, 1); without numbers
    the rows before them."""
    parts = [pictures, as_rows(courses.transpose(0, 2, 1).reshape(len(courses), -1))]
    if numbers is not None:
        parts.append(as_rows(numbers))
    return np.concatenate(parts, axis=1)


def as_rows(values: Floats) -> Floats:
    """Values (n, k) as rows (n, rows, 80, 1), with zeros at their end."""
    count = -(-values.shape[1] // log_mel.MELS)
    rows = np.zeros((len(values), count * log_mel.MELS), np.float32)
    rows[:, : values.shape[1]] = values
    return rows.reshape(-1, count, log_mel.MELS, 1)
