"""``compact-v1``: an ensemble of a small convolutional network and the paper's, in one file.

The small network is trained here in two stages; the paper's network comes from ``paper-v1``'s checkpoint.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.facial_expression.preprocessing import to_inputs
from ml.training import checkpoint, schedules, weight_ema
from ml.training.backend import keras
from ml.training.datasets import ferplus
from ml.training.datasets.fer2013 import FaceBatches, Split
from ml.training.errors import TrainingError
from ml.training.facial_expression import network, paper
from ml.training.facial_expression.augmentation import augment, augment_strongly
from ml.training.facial_expression.recipe import Recipe
from ml.training.loop import BatchesInStages
from ml.training.weight_ema import WeightEMA

WIDE_EPOCHS: Final = 48
"""Epochs of the first stage, with strong augmentation and soft targets."""

FINE_EPOCHS: Final = 28
"""Epochs of the second stage, with light augmentation."""

BATCH_SIZE: Final = 64
START_RATE: Final = 0.05
FINE_RATE: Final = 0.02
MOMENTUM: Final = 0.9
WEIGHT_DECAY: Final = 2e-3
"""Decoupled from the momentum, as Keras applies it: comparable to an L2 term of 2e-4 in the gradient."""

EMA_MOMENTUM: Final = 0.999
VOTE_WEIGHT: Final = 0.4
FINE_VOTE_WEIGHT: Final = 0.25
LABEL_SMOOTHING: Final = 0.05
MIXUP_ALPHA: Final = 0.2
PAPER_VERSION: Final = "paper-v1"
PAPER_WEIGHT: Final = 0.4
"""Weight of the paper's network in the ensemble; chosen on PublicTest."""

BATCH_NORM_SAMPLES: Final = 4 * weight_ema.BATCH_SIZE
"""Training pictures on which batch normalisation's statistics are computed for the average of the weights."""


def _compile(model: Any) -> None:
    optimizer = keras().optimizers.SGD(
        START_RATE,
        momentum=MOMENTUM,
        nesterov=True,
        weight_decay=WEIGHT_DECAY,
        use_ema=True,
        ema_momentum=EMA_MOMENTUM,
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=False)


def _batches(data: Path, training: Split, seed: int) -> BatchesInStages:
    soft = ferplus.soft_targets(data, training, vote_weight=VOTE_WEIGHT, smoothing=LABEL_SMOOTHING)
    sharper = ferplus.soft_targets(data, training, vote_weight=FINE_VOTE_WEIGHT, smoothing=0)
    wide = FaceBatches(
        training.images,
        soft,
        augment=augment_strongly,
        batch_size=BATCH_SIZE,
        seed=seed,
        mixup_alpha=MIXUP_ALPHA,
    )
    fine = FaceBatches(training.images, sharper, augment=augment, batch_size=BATCH_SIZE, seed=seed)
    return BatchesInStages(wide, WIDE_EPOCHS, fine)


def _weight_ema(training: Split) -> WeightEMA:
    order = np.random.default_rng(0).permutation(len(training.truth))
    return WeightEMA(to_inputs(training.images[order[:BATCH_NORM_SAMPLES]]))


def _assemble(own: Any, work: Path) -> Any:
    folder = work / PAPER_VERSION
    if not (folder / checkpoint.BEST).is_file():
        raise TrainingError(f"{PAPER_VERSION}, which compact-v1 ships together with, has no checkpoint in {folder}.")
    paper_network = paper.RECIPE.build()
    checkpoint.load_best(folder, paper_network)
    return network.ensemble([(own, 1 - PAPER_WEIGHT), (paper_network, PAPER_WEIGHT)])


RECIPE: Final = Recipe(
    needs="It is trained on fer2013.npz and ferplus_votes.npz, and ships with paper-v1, which is trained first.",
    build=network.compact_network,
    compile=_compile,
    batches=_batches,
    evaluation_weights=_weight_ema,
    requires=(PAPER_VERSION,),
    assemble=_assemble,
    eight_bit=True,
    epochs=WIDE_EPOCHS + FINE_EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=schedules.in_stages(
        schedules.cosine(START_RATE, WIDE_EPOCHS), WIDE_EPOCHS, schedules.cosine(FINE_RATE, FINE_EPOCHS, warm_up=0)
    ),
    optimizer=(
        f"SGD with Nesterov momentum {MOMENTUM:g}, {START_RATE:g} falling along a cosine (the first epoch at a fifth), "
        f"after {WIDE_EPOCHS} epochs again from {FINE_RATE:g}, weight decay {WEIGHT_DECAY:g}"
    ),
    name="Facial expression, compact network",
    data="FER2013, split Training (28,709 pictures), and the votes of FER+ on them",
    licence="trained on the ICML 2013 challenge set FER2013, which is for research use, and on FER+ labels (MIT)",
    summary=(
        "A convolutional network with batch normalisation and squeeze-and-excitation (48 pixels down to 6, 64 to 256 "
        f"channels), trained from random weights, and the network of {PAPER_VERSION}; the file gives the weighted "
        "geometric mean of both. It multiplies in 8 bits."
    ),
    paper_claim=(
        "The paper reports 74.78 % on FER2013 for its own network, as an average over randomly sampled test data. That "
        "network is version paper-v1 here, measured by the same protocol as this one; its card says what it gives."
    ),
    notes=(
        f"{WIDE_EPOCHS} epochs with strong augmentation: targets {1 - VOTE_WEIGHT:.0%} FER2013's label, "
        f"{VOTE_WEIGHT:.0%} the votes of FER+ where they are valid, label smoothing {LABEL_SMOOTHING:.0%}; light mixup "
        f"(Beta({MIXUP_ALPHA:g}, {MIXUP_ALPHA:g})); mirroring, turns of 12 degrees, scale 0.88 to 1.12, shifts of 4 "
        "pixels, random erasing in three of ten pictures, 15 % at a lower resolution (down to 16 pixels), 10 % noisy.",
        f"{FINE_EPOCHS} epochs with light augmentation: {FINE_VOTE_WEIGHT:.0%} votes, no smoothing, no mixup; "
        "mirroring, turns of 10 degrees, scale 0.9 to 1.1, shifts of 3 pixels.",
        f"The exponential moving average of the weights (momentum {EMA_MOMENTUM:g} a step) is evaluated and ships; the "
        "statistics of batch normalisation are computed anew for it. Mixed precision: bfloat16 products, float32 "
        "weights.",
        f"In the ensemble {PAPER_VERSION}'s network weighs {PAPER_WEIGHT:g}; weight and temperature were chosen on "
        "PublicTest. There the network alone has an accuracy of 69.9 %, the ensemble 71.3 %.",
        "Weights are stored and multiplied in 8 bits. That changes the label of 8 in 1,500 faces of PublicTest, and "
        "not the accuracy; in half precision the file is twice as large and six times as slow.",
    ),
)
