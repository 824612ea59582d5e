"""FER+: soft targets for FER2013 from the votes of ten people per picture.

FER+ (Barsoum et al. 2016) comes as one file ``ferplus_votes.npz``, in the row order of FER2013: ``votes`` uint8
(35887, 10), ``columns`` their ten names, ``valid`` uint8 (1: enough votes for a face).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.facial_expression.labels import LABELS
from ml.training.datasets.fer2013 import Split
from ml.training.errors import TrainingError

FILE: Final = "ferplus_votes.npz"
COLUMNS: Final = ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
"""Columns of the votes, in the order of :data:`ml.facial_expression.labels.LABELS`; the other three are no class."""


def soft_targets(data: Path, split: Split, *, vote_weight: float, smoothing: float) -> npt.NDArray[np.float32]:
    """Target distributions (n, 7): the one-hot label of FER2013 mixed with the votes of FER+, which weigh
    ``vote_weight``, then label smoothing by ``smoothing``. Pictures without usable votes keep their label alone.

    Raises :class:`TrainingError` when the file is missing or does not fit FER2013.
    """
    hard: npt.NDArray[Any] = np.eye(len(LABELS))[split.truth]
    votes, valid = _read(data / FILE)
    if split.rows.max() >= len(votes):
        raise TrainingError(f"{data / FILE} has {len(votes):,} rows: it does not belong to this FER2013.")
    counts = votes[split.rows].astype(float)
    cast = counts.sum(axis=1, keepdims=True)
    usable = (valid[split.rows] == 1)[:, np.newaxis] & (cast > 0)
    mixed = np.where(usable, (1 - vote_weight) * hard + vote_weight * counts / np.maximum(cast, 1), hard)
    return np.asarray((1 - smoothing) * mixed + smoothing / len(LABELS), dtype=np.float32)


def _read(path: Path) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    if not path.is_file():
        raise TrainingError(f"{path} does not exist: --data must name the folder that holds {path.name}.")
    try:
        with np.load(path) as arrays:
            columns = [str(name) for name in arrays["columns"]]
            return arrays["votes"][:, [columns.index(name) for name in COLUMNS]], arrays["valid"]
    except (ValueError, KeyError, OSError, IndexError) as error:
        raise TrainingError(f"{path} cannot be read as the votes of FER+ ({error}).") from error
