"""Training batches of hidden states: balanced over emotions and corpora, with manifold mixup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ml.arrays import Float16, Float32, Int64
from ml.speech_emotion.labels import LABELS
from ml.training.loop import Batch

SMOOTHING: Final = 0.05
MIXED_BATCHES: Final = 0.5
MIXUP_ALPHA: Final = 0.3

TALK_TARGET: Final = {"neutral": 0.6, "calm": 0.4}
"""The target of ordinary talk, nearly all of which a listener would call one or the other."""


@dataclass(frozen=True)
class CorpusStates:
    """One corpus in the batches: ``states`` (copies, clips, 75, 384) of augmented copies, ``indices`` of the clips to
    train on, ``targets`` (clips, 8), and the ``count`` of its examples in a batch."""

    states: Float16
    indices: Int64
    targets: Float32
    count: int


def targets(truth: Int64) -> Float32:
    """Class indices (n,), -1 for ordinary talk, to smoothed distributions (n, 8)."""
    rows = np.zeros((len(truth), len(LABELS)), np.float32)
    labelled = truth >= 0
    rows[np.flatnonzero(labelled), truth[labelled]] = 1.0
    for label, weight in TALK_TARGET.items():
        rows[~labelled, LABELS.index(label)] = weight
    return np.asarray(rows * (1 - SMOOTHING) + SMOOTHING / len(LABELS), np.float32)


class BalancedBatches:
    """Batches of ``sum(count)`` examples, in which the emotions of a corpus are equally likely.

    Half of the batches have mixup (Zhang et al. 2018; on hidden states, Verma et al. 2019). They are the same for the
    same seed and epoch."""

    def __init__(self, sources: Sequence[CorpusStates], *, steps: int, seed: int) -> None:
        self.steps = steps
        self._sources = sources
        self._seed = seed
        self._probabilities = [_class_balanced(source.targets[source.indices]) for source in sources]

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        for _ in range(self.steps):
            parts = [self._draw(s, p, random) for s, p in zip(self._sources, self._probabilities, strict=True)]
            inputs = np.concatenate([part[0] for part in parts]).astype(np.float32)
            labels = np.concatenate([part[1] for part in parts])
            if random.random() < MIXED_BATCHES:
                weight = np.float32(random.beta(MIXUP_ALPHA, MIXUP_ALPHA))
                other = random.permutation(len(inputs))
                inputs = weight * inputs + (1 - weight) * inputs[other]
                labels = weight * labels + (1 - weight) * labels[other]
            yield inputs, labels, None

    def _draw(self, source: CorpusStates, probabilities: Float32, random: Any) -> tuple[Any, Float32]:
        clips = source.indices[random.choice(len(source.indices), source.count, p=probabilities)]
        copies = random.integers(len(source.states), size=source.count)
        return source.states[copies, clips], source.targets[clips]


def _class_balanced(rows: Float32) -> Any:
    """Probabilities (n,) with which clips of these targets (n, 8) are drawn, so that classes are equally likely."""
    classes = rows.argmax(axis=1)
    weights = 1.0 / np.bincount(classes, minlength=len(LABELS))[classes]
    return weights / weights.sum()
