"""A training that takes a second: two classes of points in the plane."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ml.training import loop, schedules
from ml.training.backend import keras
from ml.training.checkpoint import EpochRecord


class TwoMoons:
    """A tiny problem: 40 points of the plane in two classes."""

    steps = 4

    def __init__(self) -> None:
        random = np.random.default_rng(0)
        self.truth = np.arange(40) % 2
        self.inputs = (random.normal(size=(40, 2)) + 3 * self.truth[:, np.newaxis]).astype(np.float32)

    def epoch(self, number: int) -> Iterator[loop.Batch]:
        order = np.random.default_rng([0, number]).permutation(40)
        for first in range(0, 40, 10):
            chosen = order[first : first + 10]
            yield self.inputs[chosen], self.truth[chosen], None


def small_model():
    k = keras()
    k.utils.set_random_seed(0)
    model = k.Sequential(
        [
            k.Input((2,)),
            k.layers.Dense(8, activation="relu"),
            k.layers.Dropout(0.3),
            k.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(k.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def train(folder: Path, epochs: int, *, resume: bool = False) -> tuple[Any, list[EpochRecord]]:
    points, model = TwoMoons(), small_model()
    history = loop.fit(
        model,
        train=points,
        validation=loop.Validation(points.inputs, points.truth),
        epochs=epochs,
        folder=folder,
        schedule=schedules.halving(0.01, hold=1, every=1),
        resume=resume,
    )
    return model, history
