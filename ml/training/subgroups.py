"""Recall by measured attributes of the pixels: how bright the skin around the eyes is, and whether a bar crosses the
bridge of the nose, which is mostly glasses.

Nothing of a person is stored or estimated: brightness is that of the picture, which depends on light and camera as much
as on skin.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.faces.alignment import STRIP_WIDTH
from ml.training.card import interval, percent
from ml.training.metrics import Floats, Ints, confusion_matrix, unweighted_average_recall, wilson_interval

BAR: Final = 0.9
"""From this :func:`bridge_bar` on a strip counts as one with glasses. Of the 48 strips of PublicTest with the highest
values about 40 show glasses, by eye; of strips at random 7 %."""

_MIDDLE: Final = slice(STRIP_WIDTH // 2 - 6, STRIP_WIDTH // 2 + 6)
_ROWS: Final = slice(10, 34)
_MIN_STD: Final = 1.0

Strips = npt.NDArray[np.uint8]


def skin_brightness(strips: Strips) -> Floats:
    """Median grey (n,), 0..255, of eye strips uint8 (n, 40, 96), which are mostly skin."""
    return np.asarray(np.median(strips, axis=(1, 2)))


def bridge_bar(strips: Strips) -> Floats:
    """How much a horizontal bar stands out between the eyes (n,), in standard deviations of the strip: the largest
    second derivative along the columns, where all columns agree on its sign."""
    pixels = strips.astype(np.float64)
    deviation = np.maximum(pixels.std(axis=(1, 2), keepdims=True), _MIN_STD)
    bridge = ((pixels - pixels.mean(axis=(1, 2), keepdims=True)) / deviation)[:, _ROWS, _MIDDLE]
    curvature = bridge[:, 4:] - 2 * bridge[:, 2:-2] + bridge[:, :-4]
    agreement = np.sign(curvature).mean(axis=2) ** 2
    return np.asarray((np.abs(curvature.mean(axis=2)) * agreement).max(axis=1))


def table(strips: Strips, truth: Ints, probabilities: Floats, labels: Sequence[str], *, title: str) -> dict[str, Any]:
    """Accuracy, UAR and recall per label by group, with 95 % intervals, as a table of :func:`ml.training.card.tables`.

    ``strips`` uint8 (n, 40, 96) are those of the faces whose labels ``truth`` (n,) were predicted with
    ``probabilities`` (n, labels).
    """
    brightness, bars = skin_brightness(strips), bridge_bar(strips) >= BAR
    darker, lighter = (float(bound) for bound in np.quantile(brightness, (1 / 3, 2 / 3)))
    groups = {
        f"darker third (grey below {darker:.0f})": brightness < darker,
        "middle third": (brightness >= darker) & (brightness < lighter),
        f"lighter third (grey from {lighter:.0f})": brightness >= lighter,
        "a bar across the bridge of the nose": bars,
        "none": ~bars,
    }
    predicted = probabilities.argmax(axis=1)
    return {
        "title": f"By measured attributes, {title}",
        "text": (
            "Brightness: the median grey of the strip around the eyes, which depends on light and camera as much as on "
            "skin. Bar: a horizontal line between the eyes, mostly glasses, found by its contrast. In brackets 95 % "
            "intervals."
        ),
        "columns": ("faces", "n", "accuracy", "UAR", *labels),
        "rows": [
            (name, *_row(truth[chosen], predicted[chosen], labels)) for name, chosen in groups.items() if chosen.any()
        ],
    }


def _row(truth: Ints, predicted: Ints, labels: Sequence[str]) -> list[Any]:
    recalls = []
    for number in range(len(labels)):
        right = predicted[truth == number] == number
        recalls.append(_share(int(right.sum()), len(right)) if len(right) else "none in the set")
    uar = unweighted_average_recall(confusion_matrix(truth, predicted, len(labels)))
    return [len(truth), _share(int((truth == predicted).sum()), len(truth)), percent(uar), *recalls]


def _share(right: int, of: int) -> str:
    return interval(right / of, wilson_interval(right, of))
