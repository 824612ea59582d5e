"""Three seconds of speech as a picture, as contours and as numbers, in the one tensor that a served network takes.

Rows of 80: first the 129 of :mod:`ml.speech_emotion.log_mel`'s picture; then the five contours of
:mod:`ml.speech_emotion.contours`, one after the other, the 279 numbers of :mod:`ml.speech_emotion.functionals` and the
2,040 of :mod:`ml.speech_emotion.descriptors`, each with zeros up to the end of its last row.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion import contours, descriptors, functionals, log_mel, pitch

_CONTOUR_ROWS: Final = -(-contours.COLUMNS * log_mel.FRAMES // log_mel.MELS)
_NUMBER_ROWS: Final = -(-functionals.COUNT // log_mel.MELS)
_DESCRIPTOR_ROWS: Final = -(-descriptors.COUNT // log_mel.MELS)

PICTURE: Final = slice(0, log_mel.FRAMES)
PICTURE_AND_CONTOURS: Final = slice(0, log_mel.FRAMES + _CONTOUR_ROWS)
NUMBERS: Final = slice(PICTURE_AND_CONTOURS.stop, PICTURE_AND_CONTOURS.stop + _NUMBER_ROWS)
DESCRIPTORS: Final = slice(NUMBERS.stop, NUMBERS.stop + _DESCRIPTOR_ROWS)
NUMBERS_AND_DESCRIPTORS: Final = slice(NUMBERS.start, DESCRIPTORS.stop)
"""Rows of an input."""

ROWS: Final = DESCRIPTORS.stop
INPUT_SHAPE: Final = (1, ROWS, log_mel.MELS, 1)
"""What networks on this front end take, one example at a time: (1, 168, 80, 1)."""

Floats = npt.NDArray[np.float32]


def to_input(samples: Floats) -> Floats:
    """One window of speech float32 (66150,) at 22,050 Hz, -1..1, to float32 (1, 168, 80, 1).

    Raises ``ValueError`` for any other length.
    """
    pictures = log_mel.to_input(samples)
    track = pitch.track(samples)[: log_mel.FRAMES]
    courses = contours.of_track(track)
    return pack(pictures, courses[np.newaxis], numbers_of(pictures[0, ..., 0], track, courses)[np.newaxis])


def numbers_of(picture: Floats, track: Floats, courses: Floats) -> Floats:
    """The rows (30, 80, 1) of numbers and descriptors of a standardised picture (129, 80) with the track (129, 3) and
    the contours (129, 5) of the same frames."""
    kinds = (functionals.of_window(picture, track), descriptors.of_window(picture, courses))
    return np.concatenate([as_rows(numbers[np.newaxis])[0] for numbers in kinds])


def pack(pictures: Floats, courses: Floats, numbers: Floats | None = None) -> Floats:
    """Pictures (n, 129, 80, 1), contours (n, 129, 5) and rows of numbers (n, 30, 80, 1) to inputs (n, 168, 80, 1);
    without numbers the rows before them."""
    parts = [pictures, as_rows(courses.transpose(0, 2, 1).reshape(len(courses), -1))]
    if numbers is not None:
        parts.append(numbers)
    return np.concatenate(parts, axis=1)


def as_rows(values: Floats) -> Floats:
    """Values (n, k) as rows (n, rows, 80, 1), with zeros at their end."""
    count = -(-values.shape[1] // log_mel.MELS)
    rows = np.zeros((len(values), count * log_mel.MELS), np.float32)
    rows[:, : values.shape[1]] = values
    return rows.reshape(-1, count, log_mel.MELS, 1)
