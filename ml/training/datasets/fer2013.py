"""FER2013, and the batches of it on which networks train.

FER2013 (Goodfellow et al. 2013) comes as one file ``fer2013.npz``: ``images`` uint8 (35887, 48, 48), ``labels`` uint8
in the order of :data:`ml.facial_expression.labels.LABELS`, ``usage`` uint8 (0 Training, 1 PublicTest, 2 PrivateTest).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import SIZE, to_inputs
from ml.training.errors import TrainingError
from ml.training.loop import Batch
from ml.training.metrics import Floats

FILE: Final = "fer2013.npz"
USAGE: Final = {"train": 0, "public": 1, "private": 2}

Pixels = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Pictures uint8 (n, 48, 48), class indices (n,), the rows of the file in which they stand (n,), and which of
    them are pixel-identical to a training picture."""

    images: Pixels
    truth: Ints
    rows: Ints
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
    return Split(
        images=images[chosen],
        truth=labels[chosen].astype(np.int64),
        rows=np.flatnonzero(chosen),
        seen_in_training=seen,
    )


Augment = Callable[[Pixels, np.random.Generator], Pixels]
ToInputs = Callable[[Pixels], Floats]
"""From crops uint8 (n, 48, 48) to a network's inputs (n, side, side, 1)."""


class FaceBatches:
    """Shuffled, augmented training batches; the same for the same seed and epoch.

    ``targets`` are class indices (n,) or distributions (n, 7). With ``mixup_alpha`` inputs and targets are mixed within
    a batch (mixup, Zhang et al. 2018), with weights below one half from Beta(alpha, alpha). ``to_inputs`` makes the
    network's inputs of the augmented crops.
    """

    def __init__(
        self,
        images: Pixels,
        targets: Ints | Floats,
        *,
        augment: Augment,
        batch_size: int,
        seed: int,
        mixup_alpha: float = 0.0,
        to_inputs: ToInputs = to_inputs,
    ) -> None:
        self._images, self._targets = images, targets
        self._augment, self._mixup_alpha, self._to_inputs = augment, mixup_alpha, to_inputs
        self._batch_size, self._seed = batch_size, seed
        self.steps = -(-len(targets) // batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order: npt.NDArray[Any] = random.permutation(len(self._targets))
        for start in range(0, len(order), self._batch_size):
            chosen = order[start : start + self._batch_size]
            inputs = self._to_inputs(np.stack([self._augment(self._images[i], random) for i in chosen]))
            targets = self._targets[chosen]
            if self._mixup_alpha:
                inputs, targets = _mixup(inputs, targets, self._mixup_alpha, random)
            yield inputs, targets, None


def _mixup(
    inputs: npt.NDArray[np.float32], targets: Floats, alpha: float, random: np.random.Generator
) -> tuple[Floats, Floats]:
    share = random.beta(alpha, alpha, size=len(inputs)).astype(np.float32)
    share = np.minimum(share, 1 - share)
    other = random.permutation(len(inputs))
    wide = share[:, np.newaxis, np.newaxis, np.newaxis]
    return (
        inputs + wide * (inputs[other] - inputs),
        targets + share[:, np.newaxis] * (targets[other] - targets),
    )
