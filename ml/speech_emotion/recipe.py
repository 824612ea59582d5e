"""What distinguishes the versions of this room: everything else is shared by :mod:`ml.speech_emotion.training`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from ml.speech_emotion.dataset import Clips, Floats, Indices
from ml.speech_emotion.partner import Partner
from ml.training.loop import Batches, Schedule, Selection


class Prepared(Protocol):
    """The clips as inputs of a network that may learn from some of them only.

    ``preprocessing`` is what serving needs to make the same inputs: the manifest's.
    """

    preprocessing: dict[str, Any]

    def inputs(self, chosen: Indices) -> Floats:
        """Inputs (n, ...) of clips as evaluation and serving read them."""
        ...

    def changed(self, chosen: Indices) -> dict[str, Floats]:
        """Inputs of the same clips under each condition; empty for a version that is not measured under any."""
        ...

    def batches(self, chosen: Indices, *, seed: int) -> Batches:
        """Training batches of clips."""
        ...


@dataclass(frozen=True)
class Recipe:
    """How one version is built and trained, and what its card says of that.

    ``needs`` is a sentence on what training takes. ``load`` reads the clips from the data folder, with its caches in a
    work folder; ``prepare`` takes the clips and those to train on; ``read`` gives the inputs (n, ...) of all clips for
    a finished version with the manifest's preprocessing. ``build`` gives the uncompiled Keras model, ``compile``
    compiles it; with a ``partner`` what is measured and ships is the mean of that network and another version's.
    ``selection`` chooses a fold's epoch on its validation clips. ``half_products`` computes in bfloat16
    while training, ``half_precision`` stores the weights as float16. ``outputs`` may exceed the labels. Everything
    below is words for manifest and card.
    """

    needs: str
    load: Callable[[Path, Path], Clips]
    prepare: Callable[[Clips, Indices], Prepared]
    read: Callable[[Clips, Mapping[str, Any]], Floats]
    build: Callable[[], Any]
    compile: Callable[[Any], None]
    epochs: int
    batch_size: int
    schedule: Schedule
    selection: Selection
    half_products: bool
    half_precision: bool
    outputs: int
    optimizer: str
    name: str
    input_description: str
    summary: str
    paper_claim: str
    notes: tuple[str, ...]
    limits: tuple[str, ...]
    partner: Partner | None = None
