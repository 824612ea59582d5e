"""The training loop of all networks: one epoch after the other, each ending in a checkpoint.

Everything that an epoch does (order of samples, augmentation, learning rate) follows from the seed, the epoch's
number and the history, so that training stopped and resumed gives what training in one go gives.
"""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tqdm import tqdm

from ml.training import checkpoint, events
from ml.training.checkpoint import EpochRecord
from ml.training.metrics import (
    Floats,
    Ints,
    confusion_matrix,
    cross_entropy,
    unweighted_average_recall,
)
from ml.training.schedules import Schedule

Batch = tuple[Floats, Ints | Floats, Floats | None]
"""Inputs (n, ...), targets, and sample weights (n,) or None.

Targets are class indices (n,), for a model compiled with the sparse loss, or distributions (n, classes), for one
compiled with ``categorical_crossentropy``; the training accuracy of an epoch then counts the class of most weight.
"""


class Batches(Protocol):
    """Training batches."""

    steps: int

    def epoch(self, number: int) -> Iterator[Batch]:
        """The batches of epoch ``number`` (from 1), the same at every call."""
        ...


@dataclass(frozen=True)
class Validation:
    """The set on which the epoch is chosen: inputs (n, ...) and class indices (n,). Of a model's outputs the first
    ``classes`` are probabilities; with None all of them are."""

    inputs: Floats
    truth: Ints
    classes: int | None = None


EvaluationWeights = Callable[[Any], contextlib.AbstractContextManager[None]]
"""Swaps the weights that are evaluated and kept into a model, and the trained ones back at the end."""

Selection = Callable[[EpochRecord], float]
"""How good an epoch was on validation; the highest is kept, the earlier one on a tie."""


class BatchesInStages:
    """The batches of ``first`` up to epoch ``until``, those of ``then`` afterwards. Both have the same steps."""

    def __init__(self, first: Batches, until: int, then: Batches) -> None:
        self._first, self._until, self._then = first, until, then
        self.steps = first.steps

    def epoch(self, number: int) -> Iterator[Batch]:
        return (self._first if number <= self._until else self._then).epoch(number)


def by_accuracy(record: EpochRecord) -> float:
    return record.validation_accuracy


def by_uar(record: EpochRecord) -> float:
    return record.validation_uar


def latest(record: EpochRecord) -> float:
    """The last epoch, for a schedule that is run to its end."""
    return record.epoch


def best_epoch(history: Sequence[EpochRecord], selection: Selection = by_accuracy) -> EpochRecord:
    """The epoch that validation chose; raises ``ValueError`` on an empty history."""
    return max(history, key=selection)


def predict(model: Any, inputs: Floats, batch_size: int = 256) -> Floats:
    """Class probabilities (n, classes) of a Keras model, without dropout."""
    parts = [np.asarray(model.predict_on_batch(inputs[i : i + batch_size])) for i in range(0, len(inputs), batch_size)]
    return np.concatenate(parts)


def fit(
    model: Any,
    *,
    train: Batches,
    validation: Validation,
    epochs: int,
    folder: Path,
    schedule: Schedule,
    selection: Selection = by_accuracy,
    evaluation_weights: EvaluationWeights = contextlib.nullcontext,
    resume: bool = False,
    checkpoint_every: int = 1,
    title: str = "training",
    part: tuple[int, int] = (1, 1),
) -> list[EpochRecord]:
    """Train a compiled ``model`` up to epoch ``epochs`` in all and return the history.

    With ``resume`` the last checkpoint of ``folder`` is continued (or started, where there is none); without it
    training starts anew and overwrites what is there. ``part`` says which of how many trainings of a version this is,
    for the events (:class:`ml.training.events.Epoch`). Each epoch is validated with the ``evaluation_weights``, by
    default the trained weights themselves; ``folder`` afterwards holds those of the best epoch.
    """
    history = checkpoint.load_last(folder, model) if resume else []
    kept = max((selection(record) for record in history), default=-1.0)
    for number in range(len(history) + 1, epochs + 1):
        started = time.monotonic()
        rate = schedule(history)
        model.optimizer.learning_rate.assign(rate)
        logs = _run_epoch(model, train, number, f"{title}: epoch {number} of {epochs}")
        with evaluation_weights(model):
            record = _record(model, validation, number, logs, rate, started)
            history.append(record)
            if selection(record) > kept:
                kept = selection(record)
                checkpoint.save_best(folder, model)
        # Last after best: a kill in between repeats this epoch, and finds the same.
        if number % checkpoint_every == 0 or number == epochs:
            checkpoint.save_last(folder, model, history)
        _report(record, epochs, title)
        events.tell(events.Epoch(title, record.epoch, epochs, *part))
    return history


def _run_epoch(model: Any, train: Batches, number: int, title: str) -> dict[str, float]:
    # train_on_batch reports its own batch only; the epoch's figures are the means over all samples.
    totals, samples = dict.fromkeys(("loss", "accuracy"), 0.0), 0
    batches = tqdm(train.epoch(number), total=train.steps, desc=title, leave=False, disable=not sys.stderr.isatty())
    for inputs, targets, weights in batches:
        logs = model.train_on_batch(inputs, targets, sample_weight=weights, return_dict=True)
        totals = {key: total + float(logs[key]) * len(targets) for key, total in totals.items()}
        samples += len(targets)
    return {key: total / samples for key, total in totals.items()}


def _record(
    model: Any, validation: Validation, number: int, logs: dict[str, float], rate: float, started: float
) -> EpochRecord:
    probabilities = predict(model, validation.inputs)[:, : validation.classes]
    predicted = probabilities.argmax(axis=1)
    confusion = confusion_matrix(validation.truth, predicted, probabilities.shape[1])
    return EpochRecord(
        epoch=number,
        loss=round(float(logs["loss"]), 5),
        accuracy=round(float(logs["accuracy"]), 5),
        validation_loss=round(cross_entropy(validation.truth, probabilities), 5),
        validation_accuracy=round(float((predicted == validation.truth).mean()), 5),
        validation_uar=round(unweighted_average_recall(confusion), 5),
        learning_rate=rate,
        seconds=round(time.monotonic() - started, 1),
    )


def _report(record: EpochRecord, epochs: int, title: str) -> None:
    # A line per epoch where no bar can be drawn, so that a log file tells how far training is.
    line = (
        f"{title}: epoch {record.epoch}/{epochs} loss {record.loss:.4f} accuracy {record.accuracy:.4f} | validation "
        f"loss {record.validation_loss:.4f} accuracy {record.validation_accuracy:.4f} UAR {record.validation_uar:.4f} "
        f"| rate {record.learning_rate:g} | {record.seconds:.0f} s"
    )
    tqdm.write(line, file=sys.stderr)
    sys.stderr.flush()
