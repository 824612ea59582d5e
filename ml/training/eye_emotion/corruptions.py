"""Corruption robustness of eye networks: above all, lower resolutions."""

from functools import partial
from typing import Any, Final

from ml.corruptions import images
from ml.eye_emotion.labels import LABELS
from ml.training import corruption_robustness as tables
from ml.training.corruption_robustness import Corruption
from ml.training.datasets.eye_strips import StripSet
from ml.training.eye_emotion.recipe import Predict

CORRUPTIONS: Final[dict[str, Corruption]] = {
    "64 pixels wide": partial(images.coarse, width=64),
    "48 pixels wide": partial(images.coarse, width=48),
    "32 pixels wide": partial(images.coarse, width=32),
    "24 pixels wide": partial(images.coarse, width=24),
    "16 pixels wide": partial(images.coarse, width=16),
    "half the light, sensor noise": partial(images.darkened, light=0.5),
    "an eighth of the light, sensor noise": partial(images.darkened, light=0.125),
    "light from one side": images.one_sided,
    "blur, deviation 2 pixels": partial(images.blurred, sigma=2.0),
    "JPEG quality 15": partial(images.compressed, quality=15),
    # Eyes lie on row 25, their outer corners at columns 12 and 84 (see ml.faces.alignment).
    "dark rim of glasses through the brows": partial(images.covered, top=9, bottom=13, beside=6, grey=20),
    "turned by 5 degrees": partial(images.moved, degrees=5),
    "strip shifted by 4 pixels (4 %)": partial(images.moved, pixels=4),
}


def table(strips: StripSet, predict: Predict, *, title: str) -> dict[str, Any]:
    """The table of :mod:`ml.training.corruption_robustness` for strips uint8 (n, 40, 96)."""
    return tables.measure(strips.strips, strips.truth, CORRUPTIONS, predict, LABELS, title=title)
