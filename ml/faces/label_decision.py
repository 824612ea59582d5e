"""The label of a face over time: pooled over neighbouring frames, under the class prior of use, without flicker.

Frames a tenth of a second apart are nearly the same picture, so the errors of single frames are no evidence of a
change. The probabilities of the frames within half a second are averaged (linear opinion pool: the errors of
neighbouring frames are too dependent for products), with weights that fall linearly to 0. A label that lasts less than
0.3 s is no episode: its frames get the label of the more probable neighbour.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from ml.arrays import Float64, Integers
from ml.class_prior import ClassPrior
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.timeline import Observation

POOLED: Final = (FACIAL_EXPRESSION, EYE_EMOTION)
"""The modalities whose labels are decided so."""
POOLED_S: Final = 0.5
"""Frames further away than this have no weight."""
SHORTEST_S: Final = 0.3
"""Shortest episode of one label."""
CONTIGUOUS_S: Final = 0.05
"""Observations with at most so much time between them belong together."""
PASSES: Final = 5


def decide(
    observations: Sequence[Observation], labels: Sequence[str], prior: ClassPrior | None
) -> tuple[Observation, ...]:
    """The observations of one face in the order of time, each with the pooled probabilities and the label decided on.

    ``prior`` corrects the probabilities of each frame before they are pooled; None leaves them as they are.
    """
    if not observations:
        return ()
    pooled = _pooled(observations, prior)
    chosen = pooled.argmax(axis=1)
    for _ in range(PASSES):
        if not _join_short(observations, pooled, chosen):
            break
    return tuple(
        _observation(one, labels, row, int(best)) for one, row, best in zip(observations, pooled, chosen, strict=True)
    )


class LiveDecision:
    """:func:`decide` for frames as they come: it pools the frames of the last half second, and a new label must lead
    for 0.3 s before it replaces the one shown."""

    def __init__(self, labels: Sequence[str], prior: ClassPrior | None) -> None:
        self._labels, self._prior = labels, prior
        self._seen: list[tuple[float, tuple[float, ...]]] = []
        self._shown: int | None = None
        self._leader = 0
        self._leads_since_s = 0.0

    def update(self, observation: Observation) -> Observation:
        at_s = observation.start_s
        probabilities = observation.probabilities
        if self._prior is not None:
            probabilities = self._prior.corrected(probabilities)
        self._seen = [one for one in self._seen if at_s - one[0] < POOLED_S]
        if not self._seen:
            self._shown = None  # nothing recent to hold on to
        self._seen.append((at_s, probabilities))
        weights = np.array([1 - (at_s - one[0]) / POOLED_S for one in self._seen])
        pooled = weights @ np.array([one[1] for one in self._seen]) / weights.sum()
        best = int(pooled.argmax())
        if best != self._leader:
            self._leader, self._leads_since_s = best, at_s
        if self._shown is None or at_s - self._leads_since_s >= SHORTEST_S - 1e-6:
            self._shown = best
        return _observation(observation, self._labels, pooled, self._shown)


def _observation(one: Observation, labels: Sequence[str], probabilities: Float64, best: int) -> Observation:
    values = tuple(probabilities.tolist())
    return one._replace(label=labels[best], confidence=values[best], probabilities=values)


def _pooled(observations: Sequence[Observation], prior: ClassPrior | None) -> Float64:
    """Probabilities (n, labels)."""
    each = np.array([one.probabilities for one in observations], dtype=np.float64)
    if prior is not None:
        each = each * np.array(prior.ratios)
        each /= each.sum(axis=1, keepdims=True)
    at_s = np.array([(one.start_s + one.end_s) / 2 for one in observations])
    total, weights = each.copy(), np.ones(len(each))
    for step in range(1, len(each)):
        near = np.maximum(0.0, 1 - (at_s[step:] - at_s[:-step]) / POOLED_S)
        if not near.any():
            break
        total[step:] += near[:, None] * each[:-step]
        total[:-step] += near[:, None] * each[step:]
        weights[step:] += near
        weights[:-step] += near
    pooled: Float64 = total / weights[:, None]
    return pooled


def _join_short(observations: Sequence[Observation], pooled: Float64, chosen: Integers) -> bool:
    """Give the frames of too short episodes, in ``chosen``, the label of a neighbour; whether there were any."""
    runs = list(_runs(observations, chosen))
    changed = False
    for number, (first, end) in enumerate(runs):
        if observations[end - 1].end_s - observations[first].start_s >= SHORTEST_S - 1e-6:
            continue
        neighbours = []
        if number and _touch(observations, first):
            neighbours.append(int(chosen[first - 1]))
        if number + 1 < len(runs) and _touch(observations, end):
            neighbours.append(int(chosen[end]))
        if neighbours:
            chosen[first:end] = max(neighbours, key=pooled[first:end].mean(axis=0).__getitem__)
            changed = True
    return changed


def _runs(observations: Sequence[Observation], chosen: Integers) -> Iterator[tuple[int, int]]:
    """Index ranges (first, end) of contiguous observations with one label."""
    first = 0
    for index in range(1, len(observations) + 1):
        if index == len(observations) or chosen[index] != chosen[first] or not _touch(observations, index):
            yield first, index
            first = index


def _touch(observations: Sequence[Observation], index: int) -> bool:
    return observations[index].start_s - observations[index - 1].end_s <= CONTIGUOUS_S
