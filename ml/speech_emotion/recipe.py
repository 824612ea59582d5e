"""What distinguishes the versions of this room: everything else is shared by :mod:`ml.speech_emotion.training`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ml.speech_emotion.dataset import Clips, Floats, Indices
from ml.training.loop import Batches, Schedule, Selection


class Prepared(Protocol):
    """The clips as inputs of a version's networks, which may have learnt from some of them only.

    ``preprocessing`` is what serving needs to make the same inputs: the manifest's.
    """

    preprocessing: dict[str, Any]

    def inputs(self, chosen: Indices) -> Floats:
        """Inputs (n, rows, ...) of clips as evaluation and serving read them."""
        ...

    def changed(self, chosen: Indices) -> dict[str, Floats]:
        """Inputs of the same clips under each condition; empty for a version that is not measured under any."""
        ...


@dataclass(frozen=True)
class Trained:
    """One network of a version, trained on its own epoch by epoch.

    It sees ``rows`` of an input. ``build`` gives the uncompiled Keras model, ``compile`` compiles it; ``batches`` gives
    training batches from what the recipe prepared, the chosen clips and a seed. ``selection`` chooses a fold's epoch on
    its validation clips. ``optimizer`` is words for the card. One that is to be trained ``again`` is measured in a fold
    after a second training, with the validation clips among the others, which were kept from the first.
    """

    name: str
    build: Callable[[], Any]
    compile: Callable[[Any], None]
    batches: Callable[[Any, Indices, int], Batches]
    epochs: int
    batch_size: int
    schedule: Schedule
    selection: Selection
    optimizer: str
    rows: slice = field(default_factory=lambda: slice(None))
    again: bool = False


@dataclass(frozen=True)
class Solved:
    """One network of a version that takes no training: ``solve`` makes the Keras model of what the recipe prepared and
    the chosen clips at once. In a fold it is solved twice as one trained ``again`` is."""

    name: str
    solve: Callable[[Any, Indices], Any]
    rows: slice


Member = Trained | Solved


@dataclass(frozen=True)
class Recipe:
    """How one version is built and trained, and what its card says of that.

    ``needs`` is a sentence on what training takes. ``load`` reads the clips from the data folder, with its caches in a
    work folder; ``prepare`` takes the clips and those to train on; ``read`` gives the inputs (n, ...) of all clips for
    a finished version with the manifest's preprocessing. What is measured and ships is what the ``members`` say
    together (:mod:`ml.speech_emotion.shares`); ``join`` makes one Keras model of theirs, in their order, with a share
    for each. ``half_precision`` stores the weights as float16. ``outputs`` may exceed the labels. Everything below is
    words for manifest and card.
    """

    needs: str
    load: Callable[[Path, Path], Clips]
    prepare: Callable[[Any, Indices], Prepared]
    read: Callable[[Any, Mapping[str, Any]], Floats]
    members: tuple[Member, ...]
    join: Callable[[Sequence[Any], Sequence[float]], Any]
    half_precision: bool
    outputs: int
    name: str
    input_description: str
    summary: str
    paper_claim: str
    notes: tuple[str, ...]
    limits: tuple[str, ...]

    @property
    def trained(self) -> tuple[Trained, ...]:
        """The members that are trained epoch by epoch, in their order."""
        return tuple(member for member in self.members if isinstance(member, Trained))
