"""How far a network's readings move when the same pictures come worse: darker, blurred, coarser, partly hidden."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.training.metrics import Floats, Ints, wilson_interval

Pixels = npt.NDArray[np.uint8]
Change = Callable[[Pixels, np.random.Generator], Pixels]
"""From one grey picture uint8 (h, w) to the same picture, of the same size, as it might have come instead."""

SEED: Final = 7


@dataclass(frozen=True)
class Row:
    """What one change does to a set of pictures.

    ``accuracy`` with its 95 % interval; ``changed`` is the share of pictures that get another label than unchanged;
    ``moved`` the share of pictures that the distribution of labels (what a report shows) is off by, and ``most``
    the label whose share moved most, by how much.
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
    changes: Mapping[str, Change],
    read: Callable[[Pixels], Floats],
    labels: tuple[str, ...],
    *,
    title: str,
) -> dict[str, Any]:
    """The table that is stored and shown: first the pictures as they are, then one row per change.

    ``images`` uint8 (n, h, w), ``truth`` (n,); ``read`` gives probabilities (n, labels). Every change draws from the
    same seed, so that the table can be made again.
    """
    plain = read(images).argmax(axis=1)
    rows = [row("as it is", truth, plain, plain, labels)]
    for name, change in changes.items():
        random = np.random.default_rng(SEED)
        changed = read(np.stack([change(image, random) for image in images])).argmax(axis=1)
        rows.append(row(name, truth, changed, plain, labels))
    return {"title": title, "rows": [r.to_json() for r in rows]}


def row(condition: str, truth: Ints, predicted: Ints, plain: Ints, labels: tuple[str, ...]) -> Row:
    """Class indices (n,) read under a condition, beside those read without it."""
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
