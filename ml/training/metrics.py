"""Figures of merit of a classifier, from its probabilities: plain numpy, no state.

Throughout, ``truth`` is int (n,) with class indices, ``probabilities`` float (n, classes) with rows that sum to 1.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.floating[Any]]

ECE_BINS = 15


@dataclass(frozen=True)
class Scores:
    """Figures of one evaluation; every share is 0..1.

    ``per_class_recall`` holds None where a class has no clip in the set; ``confusion`` counts rows = truth,
    columns = prediction, in the order of ``labels``.
    """

    n: int
    labels: tuple[str, ...]
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    uar: float
    ece: float
    per_class_recall: dict[str, float | None]
    confusion: list[list[int]]

    def to_json(self) -> dict[str, Any]:
        """Plain data with shares rounded to 4 digits."""
        return {
            "n": self.n,
            "labels": list(self.labels),
            "accuracy": round(self.accuracy, 4),
            "accuracy_interval": [round(bound, 4) for bound in self.accuracy_interval],
            "macro_f1": round(self.macro_f1, 4),
            "uar": round(self.uar, 4),
            "ece": round(self.ece, 4),
            "per_class_recall": {k: None if v is None else round(v, 4) for k, v in self.per_class_recall.items()},
            "confusion": self.confusion,
        }


def confusion_matrix(truth: Ints, predicted: Ints, classes: int) -> Ints:
    """Counts (classes, classes): rows = truth, columns = prediction."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (truth, predicted), 1)
    return matrix


def recalls(confusion: Ints) -> Floats:
    """Share of each true class that was recognised, NaN for a class that does not occur."""
    support = confusion.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.where(support > 0, np.diag(confusion) / np.maximum(support, 1), np.nan)


def unweighted_average_recall(confusion: Ints) -> float:
    """Mean recall over the classes that occur: what a class is worth does not depend on how often it occurs."""
    return float(np.nanmean(recalls(confusion)))


def macro_f1(confusion: Ints) -> float:
    """Mean over classes of the harmonic mean of precision and recall, but for classes neither true nor predicted."""
    hits = np.diag(confusion).astype(float)
    denominator = confusion.sum(axis=0) + confusion.sum(axis=1)
    present = denominator > 0
    return float(np.mean(2 * hits[present] / denominator[present]))


def expected_calibration_error(truth: Ints, probabilities: Floats, bins: int = ECE_BINS) -> float:
    """Mean gap between confidence and accuracy over ``bins`` equal-width bins of confidence, weighted by size."""
    return float(
        sum(
            share * abs(accuracy - confidence)
            for share, confidence, accuracy in reliability(truth, probabilities, bins)
        )
    )


def reliability(truth: Ints, probabilities: Floats, bins: int = ECE_BINS) -> list[tuple[float, float, float]]:
    """For each non-empty bin of confidence: share of all samples, mean confidence, accuracy."""
    confidence = probabilities.max(axis=1)
    correct = probabilities.argmax(axis=1) == truth
    # A confidence of exactly 1 belongs to the last bin.
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    rows = []
    for i in range(bins):
        inside = index == i
        if inside.any():
            rows.append((float(inside.mean()), float(confidence[inside].mean()), float(correct[inside].mean())))
    return rows


def wilson_interval(successes: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """95 % interval of a share after Wilson (1927): honest for small n and for shares near 0 and 1."""
    if n == 0:
        return (0.0, 1.0)
    share = successes / n
    centre = share + z * z / (2 * n)
    margin = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (max(0.0, (centre - margin) / scale), min(1.0, (centre + margin) / scale))


def cross_entropy(truth: Ints, probabilities: Floats) -> float:
    """Mean negative log-probability of the true class, in nats."""
    return float(-np.log(np.clip(probabilities[np.arange(len(truth)), truth], 1e-12, 1.0)).mean())


def scores(truth: Ints, probabilities: Floats, labels: tuple[str, ...]) -> Scores:
    """Everything above for one set of predictions; raises ``ValueError`` for an empty set or mismatched shapes."""
    if len(truth) == 0:
        raise ValueError("There is nothing to evaluate: the set is empty.")
    if probabilities.shape != (len(truth), len(labels)):
        raise ValueError(
            f"Probabilities of shape {probabilities.shape} do not fit {len(truth)} samples of {len(labels)} classes."
        )
    confusion = confusion_matrix(truth, probabilities.argmax(axis=1), len(labels))
    correct = int(np.trace(confusion))
    return Scores(
        n=len(truth),
        labels=labels,
        accuracy=correct / len(truth),
        accuracy_interval=wilson_interval(correct, len(truth)),
        macro_f1=macro_f1(confusion),
        uar=unweighted_average_recall(confusion),
        ece=expected_calibration_error(truth, probabilities),
        per_class_recall={
            label: None if np.isnan(recall) else float(recall)
            for label, recall in zip(labels, recalls(confusion), strict=True)
        },
        confusion=confusion.tolist(),
    )
