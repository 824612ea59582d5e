"""The measurements of a face network, each by its protocol. ``probabilities`` are calibrated, in our labels' order."""

from typing import Final

from ml.facial_expression.dataset import Split
from ml.facial_expression.labels import LABELS
from ml.training.evaluation import Measured
from ml.training.metrics import Floats, scores

TITLES: Final = {"train": "FER2013 Training", "public": "FER2013 PublicTest", "private": "FER2013 PrivateTest"}
NOTES: Final = {
    "train": "the network was trained on these pictures",
    "public": "epoch and temperature were chosen on these pictures",
    "private": "",
}


def single_crop(split: str, faces: Split, probabilities: Floats) -> Measured:
    """Each picture as it is: what serving does."""
    return Measured(
        key=f"fer2013_{split}",
        title=f"{TITLES[split]}, single crop",
        scores=scores(faces.truth, probabilities, LABELS),
        note=NOTES[split],
    )


def deduplicated(split: str, faces: Split, probabilities: Floats) -> Measured:
    """Without the pictures that are pixel-identical to a training picture."""
    fresh = ~faces.seen_in_training
    return Measured(
        key=f"fer2013_{split}_deduplicated",
        title=f"{TITLES[split]}, single crop, without duplicates",
        scores=scores(faces.truth[fresh], probabilities[fresh], LABELS),
        note=f"without the {int((~fresh).sum())} pictures that are pixel-identical to a training picture",
    )


def mirrored(split: str, faces: Split, single: Floats, mirror: Floats) -> Measured:
    """The mean of each picture's probabilities and its mirror image's: test-time augmentation."""
    return Measured(
        key=f"fer2013_{split}_mirrored",
        title=f"{TITLES[split]}, mean of the crop and its mirror image",
        scores=scores(faces.truth, (single + mirror) / 2, LABELS),
        note="test-time augmentation; serving uses the single crop",
    )
