"""Corruption robustness of face networks.

The corruptions are those of a video call: low light, blur, compression, low resolution, glasses, a hand over the mouth,
in-plane rotation, and a crop that is shifted or has other margins.
"""

from functools import partial
from typing import Any, Final

from ml.corruptions import images
from ml.facial_expression.labels import LABELS
from ml.training import corruption_robustness as tables
from ml.training.corruption_robustness import Corruption
from ml.training.datasets.fer2013 import Split
from ml.training.facial_expression.crop_framing import Predict

CORRUPTIONS: Final[dict[str, Corruption]] = {
    "half the light, sensor noise": partial(images.darkened, light=0.5),
    "an eighth of the light, sensor noise": partial(images.darkened, light=0.125),
    "light from one side": images.one_sided,
    "blur, deviation 1 pixel": partial(images.blurred, sigma=1.0),
    "blur, deviation 2 pixels": partial(images.blurred, sigma=2.0),
    "JPEG quality 40": partial(images.compressed, quality=40),
    "JPEG quality 15": partial(images.compressed, quality=15),
    "24 pixels wide": partial(images.coarse, width=24),
    "16 pixels wide": partial(images.coarse, width=16),
    # FER2013's eyes lie at 0.39 of the side and its mouths at 0.76 (see ml.faces.alignment): rows 19 and 37.
    "dark band over the eyes (glasses)": partial(images.covered, top=14, bottom=24, beside=5, grey=30),
    "light band over the mouth (hand)": partial(images.covered, top=32, bottom=43, beside=5, grey=170),
    "turned by 5 degrees": partial(images.moved, degrees=5),
    "turned by 15 degrees": partial(images.moved, degrees=15),
    "crop shifted by 2 pixels (4 %)": partial(images.moved, pixels=2),
    "crop shifted by 5 pixels (10 %)": partial(images.moved, pixels=5),
    "crop 15 % too wide": partial(images.moved, margin=1.15),
    "crop 15 % too narrow": partial(images.moved, margin=0.85),
}


def table(faces: Split, predict: Predict, *, title: str) -> dict[str, Any]:
    """The table of :mod:`ml.training.corruption_robustness` for crops uint8 (n, 48, 48)."""
    return tables.measure(faces.images, faces.truth, CORRUPTIONS, predict, LABELS, title=title)
