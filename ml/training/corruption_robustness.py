"""Corruption robustness: how predictions change when the same pictures or clips are corrupted (Hendrycks and Dietterich
2019)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.training.metrics import Floats, Ints, wilson_interval

Pixels = npt.NDArray[np.uint8]
Corruption = Callable[[Pixels, np.random.Generator], Pixels]
"""From one grey picture uint8 (h, w) to a corrupted one of the same size."""

SEED: Final = 7


@dataclass(frozen=True)
class Row:
    """The effect of one corruption on a set. The names are those of the stored evaluations.

    ``accuracy`` with its 95 % ``interval``. ``changed`` is the share of examples that get another label than without
    the corruption. ``moved`` is the total variation distance between the distributions of labels (what a report
    shows), and ``most`` the label whose share changes most, by how much.
    """

    condition: str
    n: int
    accuracy: float
    interval: tuple[float, float]
    changed: float
    moved: float
    most: tuple[str, float]

    def to_json(self) -> dict[str, Any]:
        return {
            "condition": self.condition,
            "n": self.n,
            "accuracy": round(self.accuracy, 4),
            "interval": [round(bound, 4) for bound in self.interval],
            "changed": round(self.changed, 4),
            "moved": round(self.moved, 4),
            "most": [self.most[0], round(self.most[1], 4)],
        }


def measure(
    images: Pixels,
    truth: Ints,
    corruptions: Mapping[str, Corruption],
    predict: Callable[[Pixels], Floats],
    labels: tuple[str, ...],
    *,
    title: str,
) -> dict[str, Any]:
    """The table that is stored and shown: first the pictures as they are, then one row per corruption.

    ``images`` uint8 (n, h, w), ``truth`` (n,); ``predict`` gives probabilities (n, labels). Every corruption draws from
    the same seed, so that the table is reproducible.
    """
    plain = predict(images).argmax(axis=1)
    rows = [row("as it is", truth, plain, plain, labels)]
    for name, corrupt in corruptions.items():
        random = np.random.default_rng(SEED)
        predicted = predict(np.stack([corrupt(image, random) for image in images])).argmax(axis=1)
        rows.append(row(name, truth, predicted, plain, labels))
    return {"title": title, "rows": [r.to_json() for r in rows]}


def row(condition: str, truth: Ints, predicted: Ints, plain: Ints, labels: tuple[str, ...]) -> Row:
    """One row from the class indices (n,) predicted with the corruption and without it (``plain``)."""
    right, n = int((predicted == truth).sum()), len(truth)
    shares = [np.bincount(found, minlength=len(labels)) / n for found in (plain, predicted)]
    difference = shares[1] - shares[0]
    most = int(np.abs(difference).argmax())
    return Row(
        condition=condition,
        n=n,
        accuracy=right / n,
        interval=wilson_interval(right, n),
        changed=float((predicted != plain).mean()),
        moved=float(np.abs(difference).sum() / 2),
        most=(labels[most], float(difference[most])),
    )
