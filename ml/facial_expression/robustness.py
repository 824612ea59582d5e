"""How far expressions are misread when a face comes worse than FER2013's own pictures do.

The conditions are those of a call: a dark room, a soft lens, a strong compression, a small face, glasses, a hand before
the mouth, a head held askew, and a crop that a detector put a little beside the face.
"""

from functools import partial
from typing import Any, Final

from ml.facial_expression.dataset import Split
from ml.facial_expression.framing import Read
from ml.facial_expression.labels import LABELS
from ml.training import changes
from ml.training import robustness as tables
from ml.training.robustness import Change

CHANGES: Final[dict[str, Change]] = {
    "half the light, sensor noise": partial(changes.darkened, light=0.5),
    "an eighth of the light, sensor noise": partial(changes.darkened, light=0.125),
    "light from one side": changes.one_sided,
    "blur, deviation 1 pixel": partial(changes.blurred, sigma=1.0),
    "blur, deviation 2 pixels": partial(changes.blurred, sigma=2.0),
    "JPEG quality 40": partial(changes.compressed, quality=40),
    "JPEG quality 15": partial(changes.compressed, quality=15),
    "24 pixels wide": partial(changes.coarse, width=24),
    "16 pixels wide": partial(changes.coarse, width=16),
    # FER2013's eyes lie at 0.39 of the side and its mouths at 0.76 (see ml.faces.alignment): rows 19 and 37.
    "dark band over the eyes (glasses)": partial(changes.covered, top=14, bottom=24, beside=5, grey=30),
    "light band over the mouth (hand)": partial(changes.covered, top=32, bottom=43, beside=5, grey=170),
    "turned by 5 degrees": partial(changes.moved, degrees=5),
    "turned by 15 degrees": partial(changes.moved, degrees=15),
    "crop shifted by 2 pixels (4 %)": partial(changes.moved, pixels=2),
    "crop shifted by 5 pixels (10 %)": partial(changes.moved, pixels=5),
    "crop 15 % too wide": partial(changes.moved, margin=1.15),
    "crop 15 % too narrow": partial(changes.moved, margin=0.85),
}


def table(faces: Split, read: Read, *, title: str) -> dict[str, Any]:
    """The table of :mod:`ml.training.robustness` for crops uint8 (n, 48, 48)."""
    return tables.measure(faces.images, faces.truth, CHANGES, read, LABELS, title=title)
