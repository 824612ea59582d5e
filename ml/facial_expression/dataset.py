"""FER2013, and how its pictures are varied in training.

FER2013 (Goodfellow et al. 2013) comes as one file ``fer2013.npz``: ``images`` uint8 (35887, 48, 48), ``labels`` uint8
in the order of :data:`ml.facial_expression.labels.LABELS`, ``usage`` uint8 (0 Training, 1 PublicTest, 2 PrivateTest).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import SIZE, to_inputs
from ml.training.errors import TrainingError
from ml.training.loop import Batch

FILE: Final = "fer2013.npz"
USAGE: Final = {"train": 0, "public": 1, "private": 2}

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Split:
    """Pictures uint8 (n, 48, 48), class indices (n,), and which pictures are pixel-identical to a training picture."""

    images: Pixels
    truth: npt.NDArray[np.int64]
    seen_in_training: npt.NDArray[np.bool_]


def load(data: Path, split: str) -> Split:
    """One split of ``data/fer2013.npz``: ``train``, ``public`` (validation) or ``private`` (test).

    Raises :class:`TrainingError` when the file is missing or is not FER2013.
    """
    path = data / FILE
    if not path.is_file():
        raise TrainingError(f"{path} does not exist: --data must name the folder that holds {FILE}.")
    try:
        with np.load(path) as arrays:
            images, labels, usage = arrays["images"], arrays["labels"], arrays["usage"]
    except (ValueError, KeyError, OSError) as error:
        raise TrainingError(f"{path} cannot be read as FER2013 ({error}).") from error
    if images.ndim != 3 or images.shape[1:] != (SIZE, SIZE) or not len(images) == len(labels) == len(usage):
        raise TrainingError(f"{path} does not hold {SIZE}x{SIZE} pictures with a label and a usage each.")
    if labels.max() >= len(LABELS):
        raise TrainingError(f"{path} holds labels beyond the {len(LABELS)} classes of FER2013.")
    chosen = usage == USAGE[split]
    if not chosen.any():
        raise TrainingError(f"{path} holds no pictures of the split '{split}'.")
    seen: npt.NDArray[np.bool_] = np.zeros(int(chosen.sum()), dtype=bool)
    if split != "train":
        known = {image.tobytes() for image in images[usage == USAGE["train"]]}
        seen = np.array([image.tobytes() in known for image in images[chosen]])
    return Split(images=images[chosen], truth=labels[chosen].astype(np.int64), seen_in_training=seen)


def vary(image: Pixels, random: np.random.Generator) -> Pixels:
    """The same face as another camera might have framed it: mirrored, turned, scaled and shifted a little."""
    angle, scale = random.uniform(-10, 10), random.uniform(0.9, 1.1)
    centre = (SIZE - 1) / 2
    matrix = cv2.getRotationMatrix2D((centre, centre), angle, scale)
    matrix[:, 2] = matrix[:, 2] + random.uniform(-3, 3, size=2)
    turned = cv2.warpAffine(image, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if random.random() < 0.5:
        turned = turned[:, ::-1]
    return np.ascontiguousarray(turned, dtype=np.uint8)


class FaceBatches:
    """Shuffled, varied training batches; the same for the same seed and epoch."""

    def __init__(self, split: Split, *, batch_size: int, seed: int) -> None:
        self._split = split
        self._batch_size = batch_size
        self._seed = seed
        self.steps = -(-len(split.truth) // batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order: npt.NDArray[Any] = random.permutation(len(self._split.truth))
        for start in range(0, len(order), self._batch_size):
            chosen = order[start : start + self._batch_size]
            images = np.stack([vary(self._split.images[i], random) for i in chosen])
            yield to_inputs(images), self._split.truth[chosen], None
