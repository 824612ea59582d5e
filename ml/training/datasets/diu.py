"""The DIU eye-emotion set: ``train|test/{anger,disgust,fear,happy,sad,surprise}/*`` pictures of both eyes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.training.errors import TrainingError

SIDE: Final = 350
"""Side of the square to which the paper brings every picture."""

FOLDERS: Final = ("anger", "disgust", "fear", "happy", "sad", "surprise")
"""Folders of the set, in the order of :data:`ml.eye_emotion.labels.LABELS`."""

SPLITS: Final = ("train", "test")
_SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".bmp"})


@dataclass(frozen=True)
class Pictures:
    """RGB pictures uint8 (n, 350, 350, 3) and class indices (n,)."""

    images: npt.NDArray[np.uint8]
    truth: npt.NDArray[np.int64]


def load(data: Path, split: str) -> Pictures:
    """One split of the set under ``data``; raises :class:`TrainingError` when it is not there or not readable."""
    root = data / split
    missing = [name for name in FOLDERS if not (root / name).is_dir()]
    if missing:
        raise TrainingError(
            f"{root} is not the DIU set: it lacks {', '.join(missing)}. "
            f"Expected are the folders {'|'.join(SPLITS)}/{{{','.join(FOLDERS)}}}."
        )
    images, truth = [], []
    for index, name in enumerate(FOLDERS):
        for path in sorted((root / name).iterdir()):
            if path.suffix.lower() not in _SUFFIXES:
                continue
            picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if picture is None:
                raise TrainingError(f"{path} cannot be read as a picture.")
            square = cv2.resize(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            images.append(np.asarray(square, dtype=np.uint8))
            truth.append(index)
    if not images:
        raise TrainingError(f"{root} holds no pictures.")
    return Pictures(np.stack(images), np.array(truth, dtype=np.int64))
