"""The pictures of a card: confusion matrix, reliability diagram, learning curve. Small PNGs, no display needed."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.training.evaluation import EvaluationRecord

CONFUSION: Final = "confusion.png"
RELIABILITY: Final = "reliability.png"
LEARNING: Final = "learning.png"

_INK, _ACCENT = "#1f2a37", "#2b6cb0"


def draw(folder: Path, stored: EvaluationRecord) -> list[str]:
    """Draw what ``stored`` has into ``folder``; returns the names of the files."""
    import matplotlib as mpl

    mpl.use("Agg")
    names = [CONFUSION, RELIABILITY]
    _confusion(folder / CONFUSION, stored.measured[0])
    _reliability(folder / RELIABILITY, stored)
    if stored.history:
        _learning(folder / LEARNING, stored)
        names.append(LEARNING)
    return names


def _figure(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(width, height), dpi=90, layout="constrained")


def _save(figure: Any, path: Path) -> None:
    from matplotlib import pyplot

    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)


def _confusion(path: Path, measured: dict[str, Any]) -> None:
    counts, labels = np.array(measured["confusion"]), measured["labels"]
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axes = _figure(5.6, 5.0)
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*counts.shape):
        colour = "white" if shares[row, column] > 0.55 else _INK
        text = f"{shares[row, column]:.0%}\n{counts[row, column]}"
        axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks(range(len(labels)), labels, rotation=40, ha="right")
    axes.set_yticks(range(len(labels)), labels)
    axes.set_xlabel("recognised as")
    axes.set_ylabel("truth")
    axes.set_title(f"{measured['title']} (n = {measured['n']})", fontsize=9)
    _save(figure, path)


def _reliability(path: Path, stored: EvaluationRecord) -> None:
    shares, confidences, accuracies = (np.array(column) for column in zip(*stored.reliability, strict=True))
    figure, axes = _figure(4.2, 3.8)
    axes.plot([0, 1], [0, 1], color="#9aa5b1", linewidth=1, linestyle="--", label="perfectly calibrated")
    axes.scatter(
        confidences, accuracies, s=20 + 600 * shares, color=_ACCENT, alpha=0.75, label="area: share of samples"
    )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    axes.legend(fontsize=7, loc="upper left")
    axes.set_title(f"Calibration, ECE {stored.measured[0]['ece']:.3f}", fontsize=9)
    _save(figure, path)


def _learning(path: Path, stored: EvaluationRecord) -> None:
    epochs = [row["epoch"] for row in stored.history]
    figure, axes = _figure(5.2, 3.6)
    axes.plot(epochs, [row["accuracy"] for row in stored.history], color="#9aa5b1", label="training accuracy")
    axes.plot(
        epochs, [row["validation_accuracy"] for row in stored.history], color=_ACCENT, label="validation accuracy"
    )
    axes.set_xlabel("epoch")
    axes.set_ylabel("accuracy")
    axes.legend(fontsize=7)
    axes.set_title("Learning curve", fontsize=9)
    _save(figure, path)
