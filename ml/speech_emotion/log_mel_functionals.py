"""Three seconds of speech as a log-mel picture and as numbers, in the one tensor that a served network takes.

The first 129 rows of 80 are the picture of :mod:`ml.speech_emotion.log_mel`, the last 4 the 279 numbers of
:mod:`ml.speech_emotion.functionals`, one row after the other, with zeros where there are none left.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion import functionals, log_mel, pitch

NUMBER_ROWS: Final = -(-functionals.COUNT // log_mel.MELS)
ROWS: Final = log_mel.FRAMES + NUMBER_ROWS
INPUT_SHAPE: Final = (1, ROWS, log_mel.MELS, 1)
"""What networks on this front end take, one example at a time: (1, 133, 80, 1)."""

Floats = npt.NDArray[np.float32]


def to_input(samples: Floats) -> Floats:
    """One window of speech float32 (66150,) at 22,050 Hz, -1..1, to float32 (1, 133, 80, 1).

    Raises ``ValueError`` for any other length.
    """
    pictures = log_mel.to_input(samples)
    numbers = functionals.of_window(pictures[0, ..., 0], pitch.track(samples)[: log_mel.FRAMES])
    return pack(pictures, numbers[np.newaxis])


def pack(pictures: Floats, numbers: Floats) -> Floats:
    """Pictures (n, 129, 80, 1) and numbers (n, 279) to inputs (n, 133, 80, 1)."""
    rows = np.zeros((len(numbers), NUMBER_ROWS * log_mel.MELS), np.float32)
    rows[:, : functionals.COUNT] = numbers
    return np.concatenate([pictures, rows.reshape(-1, NUMBER_ROWS, log_mel.MELS, 1)], axis=1)
