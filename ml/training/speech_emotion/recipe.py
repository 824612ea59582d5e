"""Recipes: what distinguishes the speech versions. Everything else is shared by the trainer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ml.arrays import Float32, Int64
from ml.inputs import InputSpec
from ml.training.datasets.speech_clips import Clips, Fold, Listing
from ml.training.loop import Batches, Selection
from ml.training.schedules import Schedule


class PreparedClips:
    """The clips as inputs of a version's networks, standardised by the training clips where a version does that.

    ``preprocessing`` is the manifest's: what serving needs to make the same inputs.
    """

    preprocessing: dict[str, Any]

    def inputs(self, indices: Int64) -> Float32:
        """Inputs (n, ...) of clips for evaluation: not augmented."""
        raise NotImplementedError

    def corrupted(self, indices: Int64) -> dict[str, Float32]:
        """Inputs of the same clips under each corruption; empty for a version that is not measured under any."""
        return {}

    def batches(self, indices: Int64, seed: int) -> Batches:
        """Training batches of the clips."""
        raise NotImplementedError


@dataclass(frozen=True)
class Protocol:
    """A way to split the clips into folds, from the clips and a seed; run with ``seeds`` seeds.

    ``corruptions``: the test clips are also measured under corruptions. ``partial``: some of its folds are a fair
    sample of all (random folds are, folds of a few speakers are not).
    """

    key: str
    folds: Callable[[Listing, int], list[Fold]]
    seeds: int
    corruptions: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Recipe:
    """How one version is built and trained, with the text of its card.

    ``needs`` is a sentence on what training takes. ``listing`` reads the lists of the clips, ``load`` the clips with
    caches in a work folder; ``prepare`` takes the clips and the indices of those to train on; ``corpora`` are those
    that the shipped weights are trained on. ``ravdess_inputs`` are the inputs (n, ...) of the RAVDESS clips for a
    finished version with the manifest's preprocessing.

    A version is an ensemble of ``members`` networks that differ by their seed; its prediction is their geometric mean,
    and ``assemble`` makes one Keras model of them. ``build`` gives one uncompiled network, ``compile`` compiles it;
    ``selection`` chooses a fold's epoch on its validation clips; ``evaluation_weights`` swaps in the weights that are
    evaluated and kept. ``mixed_bfloat16`` trains in mixed precision, ``eight_bit`` stores the weights as int8.
    ``outputs`` may exceed the labels.

    The rest is text of manifest and card. ``tables`` makes further tables of the card from the clips, the runs, the
    served file and the temperature.
    """

    needs: str
    listing: Callable[[Path], Listing]
    load: Callable[[Path, Path], Clips]
    prepare: Callable[[Clips, Int64], PreparedClips]
    ravdess_inputs: Callable[[Clips, Mapping[str, Any]], Float32]
    input: InputSpec
    corpora: tuple[str, ...]
    protocols: tuple[Protocol, ...]
    build: Callable[[], Any]
    compile: Callable[[Any], None]
    assemble: Callable[[Sequence[Any]], Any]
    members: int
    epochs: int
    batch_size: int
    schedule: Schedule
    selection: Selection
    eight_bit: bool
    mixed_bfloat16: bool
    outputs: int
    name: str
    data: str
    licence: str
    optimizer: str
    summary: str
    paper_claim: str
    notes: tuple[str, ...]
    limits: tuple[str, ...]
    tables: Callable[..., Iterable[dict[str, Any]]] = lambda *_: ()
    evaluation_weights: Callable[[Any], AbstractContextManager[None]] = nullcontext

    def protocol(self, key: str) -> Protocol:
        """Raises ``KeyError`` for one that this version is not measured by."""
        return {protocol.key: protocol for protocol in self.protocols}[key]
