"""``compact-v1``, the default version: a small residual network, trained with what has proved itself on FER2013."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.facial_expression import network, votes
from ml.facial_expression.augmentation import vary_widely
from ml.facial_expression.dataset import FaceBatches, Split
from ml.facial_expression.preprocessing import to_inputs
from ml.facial_expression.recipe import Recipe
from ml.training import averaging, loop
from ml.training.averaging import RunningMean
from ml.training.backend import keras

EPOCHS: Final = 60
BATCH_SIZE: Final = 64
START_RATE: Final = 0.05
MOMENTUM: Final = 0.9
WEIGHT_DECAY: Final = 2e-3
"""Keras takes it off the weights beside the step, not through the momentum: as 2e-4 added to the gradient."""

MEAN_MOMENTUM: Final = 0.999
VOTES_SHARE: Final = 0.4
SMOOTHING: Final = 0.05
MIXING: Final = 0.2
STATISTICS: Final = 4 * averaging.BATCH_SIZE
"""Training pictures on which batch normalisation's statistics are gathered for the mean of the weights."""


def _compile(model: Any) -> None:
    optimizer = keras().optimizers.SGD(
        START_RATE,
        momentum=MOMENTUM,
        nesterov=True,
        weight_decay=WEIGHT_DECAY,
        use_ema=True,
        ema_momentum=MEAN_MOMENTUM,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=False)


def _batches(data: Path, training: Split, seed: int) -> FaceBatches:
    targets = votes.soft_targets(data, training, votes_share=VOTES_SHARE, smoothing=SMOOTHING)
    return FaceBatches(training.images, targets, vary=vary_widely, batch_size=BATCH_SIZE, seed=seed, mixing=MIXING)


def _judged(training: Split) -> RunningMean:
    order = np.random.default_rng(0).permutation(len(training.truth))
    return RunningMean(to_inputs(training.images[order[:STATISTICS]]))


RECIPE: Final = Recipe(
    needs="It is trained on fer2013.npz and ferplus_votes.npz.",
    build=network.compact_network,
    compile=_compile,
    batches=_batches,
    judged=_judged,
    epochs=EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=loop.cosine(START_RATE, EPOCHS),
    optimizer=(
        f"SGD with Nesterov momentum {MOMENTUM:g}, {START_RATE:g} falling along a cosine (the first epoch at a fifth), "
        f"weight decay {WEIGHT_DECAY:g}"
    ),
    name="Facial expression, compact network",
    data="FER2013, split Training (28,709 pictures), and the votes of FER+ on them",
    licence="trained on the ICML 2013 challenge set FER2013, which is for research use, and on FER+ labels (MIT)",
    summary=(
        "A residual network with squeeze-and-excitation (48 pixels down to 6, 64 to 256 channels), trained from random "
        "weights. Weights are stored in half precision."
    ),
    paper_claim=(
        "The paper reports 74.78 % on FER2013 for its own network, as an average over randomly sampled test data. That "
        "network is version paper-v1 here, measured by the same protocol as this one; its card says what it gives."
    ),
    notes=(
        f"Targets: {1 - VOTES_SHARE:.0%} FER2013's label, {VOTES_SHARE:.0%} the votes of FER+ where they are valid, "
        f"smoothed by {SMOOTHING:.0%}; light mixup (Beta({MIXING:g}, {MIXING:g})).",
        "Augmentation: mirroring, turns of 12 degrees, scale 0.88 to 1.12, shifts of 4 pixels, a hidden rectangle in "
        "three of ten pictures, 15 % made coarser (down to 16 pixels) and 10 % noisy.",
        f"What is judged and ships is the running mean of the weights (momentum {MEAN_MOMENTUM:g} a step), with batch "
        "normalisation's statistics gathered anew. Products are computed in bfloat16, weights kept in float32.",
    ),
)
