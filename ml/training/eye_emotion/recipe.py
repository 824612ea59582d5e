"""What distinguishes the versions of eye emotion: everything else is shared by the trainer."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.inputs import InputSpec
from ml.training import package
from ml.training.datasets.eye_strips import Pixels
from ml.training.evaluation import Evaluation
from ml.training.loop import Batches, EvaluationWeights, Validation
from ml.training.metrics import Floats
from ml.training.options import Options
from ml.training.schedules import Schedule

Predict = Callable[[Pixels], Floats]
"""From pictures uint8 (n, ...) to calibrated probabilities (n, labels), in the order of the recipe's ``labels``."""


@dataclass(frozen=True)
class Prepared:
    """A compiled network with the data that it is trained and validated on.

    ``data`` is a phrase for the manifest. ``assemble`` makes the model that ships from the network with its best
    weights; ``evaluation_weights`` swaps in those that are validated and kept. ``samples`` (n, ...) are inputs of that
    model. ``probabilities`` gives the uncalibrated probabilities of the validation set, from the trained network or
    from the predictions of the shipped file.
    """

    network: Any
    batches: Batches
    validation: Validation
    data: str
    assemble: Callable[[Any], Any]
    samples: Floats
    probabilities: Callable[[Any, package.Predict], Floats]
    evaluation_weights: EvaluationWeights = contextlib.nullcontext


@dataclass(frozen=True)
class Recipe:
    """How one version is built, trained and evaluated, and what its card says of that.

    ``needs`` is a sentence on what training takes. ``prepare`` reads the data and seeds and builds the network.
    ``to_inputs`` turns pictures uint8 (n, ...) into inputs of the shape of ``input``. ``evaluate`` gives the scores on
    a split, from predictions, data folder, split and the work folder's cache; ``evaluate_all`` gives all results of the
    card; ``neutral`` the probabilities of neutral validation pictures (n, labels), where there are any. The file stores
    weights in ``half_precision`` or full precision and has at most ``largest_bytes`` (None: it never ships).
    ``validated_on`` and everything below it are words for manifest and card.
    """

    needs: str
    input: InputSpec
    labels: tuple[str, ...]
    prepare: Callable[[Options], Prepared]
    to_inputs: Callable[[Pixels], Floats]
    evaluate: Callable[[Predict, Path, str, Path], dict[str, Any]]
    evaluate_all: Callable[[Predict, Path, Path], Evaluation]
    neutral: Callable[[Predict, Path, Path], Floats]
    epochs: int
    batch_size: int
    schedule: Schedule
    half_precision: bool
    largest_bytes: int | None
    validated_on: str
    optimizer: str
    name: str
    licence: str
    protocol: str
    summary: str
    paper_claim: str
    notes: tuple[str, ...]
