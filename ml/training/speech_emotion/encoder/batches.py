"""Training batches of hidden states: balanced over emotions and corpora, with manifold mixup."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.labels import LABELS
from ml.training.loop import Batch

SMOOTHING: Final = 0.05
MIXED_BATCHES: Final = 0.5
MIXUP_ALPHA: Final = 0.3

TALK_TARGET: Final = {"neutral": 0.6, "calm": 0.4}
"""The target of ordinary talk: a listener would call nearly all of it one or the other."""

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Source:
    """One corpus in a batch: hidden states (copies, clips, 75, 384) of augmented copies, the clips to train on,
    targets (clips, 8) and how many examples of it are in a batch."""

    states: npt.NDArray[np.float16]
    chosen: Indices
    targets: Floats
    count: int


def targets(truth: Indices) -> Floats:
    """Class indices (n,), -1 for ordinary talk, to smoothed distributions (n, 8)."""
    rows = np.zeros((len(truth), len(LABELS)), np.float32)
    labelled = truth >= 0
    rows[np.flatnonzero(labelled), truth[labelled]] = 1.0
    for label, share in TALK_TARGET.items():
        rows[~labelled, LABELS.index(label)] = share
    return np.asarray(rows * (1 - SMOOTHING) + SMOOTHING / len(LABELS), np.float32)


class BalancedBatches:
    """Batches of ``sum(count)`` examples. Within a corpus every emotion is as likely as every other; half of the
    batches are mixed up (Zhang et al. 2018, on hidden states: Verma et al. 2019). The same for the same seed and
    epoch."""

    def __init__(self, sources: Sequence[Source], *, steps: int, seed: int) -> None:
        self.steps = steps
        self._sources = sources
        self._seed = seed
        self._likely = [_balanced(source.targets[source.chosen]) for source in sources]

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        for _ in range(self.steps):
            parts = [self._draw(s, p, random) for s, p in zip(self._sources, self._likely, strict=True)]
            inputs = np.concatenate([part[0] for part in parts]).astype(np.float32)
            wanted = np.concatenate([part[1] for part in parts])
            if random.random() < MIXED_BATCHES:
                share = np.float32(random.beta(MIXUP_ALPHA, MIXUP_ALPHA))
                other = random.permutation(len(inputs))
                inputs = share * inputs + (1 - share) * inputs[other]
                wanted = share * wanted + (1 - share) * wanted[other]
            yield inputs, wanted, None

    def _draw(self, source: Source, likely: Floats, random: Any) -> tuple[Any, Floats]:
        clips = source.chosen[random.choice(len(source.chosen), source.count, p=likely)]
        copies = random.integers(len(source.states), size=source.count)
        return source.states[copies, clips], source.targets[clips]


def _balanced(rows: Floats) -> Any:
    classes = rows.argmax(axis=1)
    weights = 1.0 / np.bincount(classes, minlength=len(LABELS))[classes]
    return weights / weights.sum()
