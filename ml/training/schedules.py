"""Learning-rate schedules: from the epochs so far to the learning rate of the next one."""

import math
from collections.abc import Callable, Sequence

from ml.training.checkpoint import EpochRecord

Schedule = Callable[[Sequence[EpochRecord]], float]


def constant(rate: float) -> Schedule:
    """The same learning rate throughout."""
    return lambda history: rate


def halving(start: float, *, hold: int, every: int, floor: float = 1e-5) -> Schedule:
    """``start`` for ``hold`` epochs, then halved for every ``every`` epochs, but never below ``floor``."""
    return lambda history: max(floor, start * 0.5 ** max(0, (len(history) - hold) // every + 1))


def cosine(start: float, epochs: int, *, warm_up: int = 1, floor: float = 1e-5) -> Schedule:
    """Cosine decay from ``start`` to ``floor`` over ``epochs``, after ``warm_up`` epochs at a fifth of ``start``."""

    def rate_of(history: Sequence[EpochRecord]) -> float:
        done = len(history)
        if done < warm_up:
            return start / 5
        share = min(1.0, (done - warm_up) / max(1, epochs - warm_up))
        return floor + (start - floor) * (1 + math.cos(math.pi * share)) / 2

    return rate_of


def in_stages(first: Schedule, until: int, then: Schedule) -> Schedule:
    """``first`` up to epoch ``until``; afterwards ``then``, which starts anew (it sees the epochs of its own stage)."""
    return lambda history: first(history) if len(history) < until else then(history[until:])
