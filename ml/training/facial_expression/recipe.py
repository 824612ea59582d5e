"""What distinguishes the versions of facial expression: everything else is shared by the trainer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.facial_expression.preprocessing import to_inputs
from ml.training.datasets.fer2013 import Pixels, Split
from ml.training.loop import Batches, EvaluationWeights, Selection, by_accuracy
from ml.training.metrics import Floats
from ml.training.schedules import Schedule


@dataclass(frozen=True)
class Recipe:
    """How one version is built and trained, and what its card says of that.

    ``needs`` is a sentence on what training takes. ``build`` gives the uncompiled Keras model and ``compile`` compiles
    it; ``batches`` makes the training batches from data folder, training split and seed; ``evaluation_weights`` makes
    the swap of the weights that are validated and kept from the training split. ``assemble`` makes the model that
    ships from the network with its best weights and from the work folder, where the versions that it ``requires`` (its
    other ensemble members, trained before) have their checkpoints. It ships in ``eight_bit`` or half precision.
    ``optimizer`` and everything below it are words for manifest and card. ``inputs`` makes the network's inputs of
    crops uint8 (n, 48, 48), for validation. ``mixed_precision`` multiplies in bfloat16 while training. ``selection``
    chooses the epoch that ships on validation.
    """

    needs: str
    build: Callable[[], Any]
    compile: Callable[[Any], None]
    batches: Callable[[Path, Split, int], Batches]
    evaluation_weights: Callable[[Split], EvaluationWeights]
    requires: tuple[str, ...]
    assemble: Callable[[Any, Path], Any]
    eight_bit: bool
    epochs: int
    batch_size: int
    schedule: Schedule
    optimizer: str
    name: str
    data: str
    licence: str
    summary: str
    paper_claim: str
    notes: tuple[str, ...]
    inputs: Callable[[Pixels], Floats] = to_inputs
    mixed_precision: bool = True
    selection: Selection = by_accuracy
