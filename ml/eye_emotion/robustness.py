"""How far eye strips are misread when they come worse, above all coarser, than those that were measured."""

from functools import partial
from typing import Any, Final

from ml.eye_emotion.dataset import Set
from ml.eye_emotion.labels import LABELS
from ml.eye_emotion.measuring import Read
from ml.training import changes
from ml.training import robustness as tables
from ml.training.robustness import Change

CHANGES: Final[dict[str, Change]] = {
    "64 pixels wide": partial(changes.coarse, width=64),
    "48 pixels wide": partial(changes.coarse, width=48),
    "32 pixels wide": partial(changes.coarse, width=32),
    "24 pixels wide": partial(changes.coarse, width=24),
    "16 pixels wide": partial(changes.coarse, width=16),
    "half the light, sensor noise": partial(changes.darkened, light=0.5),
    "an eighth of the light, sensor noise": partial(changes.darkened, light=0.125),
    "light from one side": changes.one_sided,
    "blur, deviation 2 pixels": partial(changes.blurred, sigma=2.0),
    "JPEG quality 15": partial(changes.compressed, quality=15),
    # Eyes lie on row 25, their outer corners at columns 12 and 84 (see ml.faces.alignment).
    "dark rim of glasses through the brows": partial(changes.covered, top=9, bottom=13, beside=6, grey=20),
    "turned by 5 degrees": partial(changes.moved, degrees=5),
    "strip shifted by 4 pixels (4 %)": partial(changes.moved, pixels=4),
}


def table(strips: Set, read: Read, *, title: str) -> dict[str, Any]:
    """The table of :mod:`ml.training.robustness` for strips uint8 (n, 40, 96)."""
    return tables.measure(strips.strips, strips.truth, CHANGES, read, LABELS, title=title)
