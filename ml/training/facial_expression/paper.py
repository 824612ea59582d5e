"""``paper-v1``: the paper's network, trained as plainly as the paper describes it."""

import contextlib
from pathlib import Path
from typing import Any, Final

from ml.training import schedules
from ml.training.backend import keras
from ml.training.datasets.fer2013 import FaceBatches, Split
from ml.training.facial_expression import network
from ml.training.facial_expression.augmentation import augment
from ml.training.facial_expression.recipe import Recipe

EPOCHS: Final = 100
BATCH_SIZE: Final = 64
START_RATE: Final = 1e-3
"""It falls along a cosine: the paper names no schedule."""


def _compile(model: Any) -> None:
    model.compile(
        optimizer=keras().optimizers.Adam(START_RATE),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )


def _batches(data: Path, training: Split, seed: int) -> FaceBatches:
    return FaceBatches(training.images, training.truth, augment=augment, batch_size=BATCH_SIZE, seed=seed)


RECIPE: Final = Recipe(
    needs="It is trained on fer2013.npz.",
    build=network.paper_network,
    compile=_compile,
    batches=_batches,
    evaluation_weights=lambda training: contextlib.nullcontext,
    requires=(),
    assemble=lambda network, work: network,
    eight_bit=False,
    epochs=EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=schedules.cosine(START_RATE, EPOCHS),
    optimizer=f"Adam, {START_RATE:g} falling along a cosine",
    name="Facial expression, the paper's network",
    data="FER2013, split Training (28,709 pictures)",
    licence="trained on the ICML 2013 challenge set FER2013, which is for research use",
    summary=(
        "The convolutional network of the paper's Figure 1 (2,345,607 parameters), trained from random weights. "
        "Weights are stored in half precision."
    ),
    paper_claim=(
        "The paper reports 74.78 % on FER2013 for this network, as an average over randomly sampled test data. "
        "This network, trained and measured on the data set's own splits, does not reach that; "
        "the figures above are what it gives."
    ),
    notes=(
        "The paper names no optimizer for this network. Products are computed in bfloat16, weights kept in float32.",
        "Augmentation: mirroring, turns of 10 degrees, scale 0.9 to 1.1, shifts of 3 pixels.",
    ),
)
