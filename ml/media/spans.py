"""Stretches of time, as sorted lists of (start, end) in seconds."""

from collections.abc import Sequence

import numpy as np

from ml.arrays import Float64

Span = tuple[float, float]
Spans = tuple[Span, ...]


def holes(times: Float64, *, duration_s: float, longer_than_s: float) -> Spans:
    """The stretches of ``[0, duration_s)`` longer than ``longer_than_s`` that none of ``times`` covers: float64 (n, 2),
    start and end in seconds, in any order."""
    ordered = times[np.argsort(times[:, 0], kind="stable")]
    covered_to = np.maximum.accumulate(np.concatenate([[0.0], ordered[:, 1]]))
    starts = np.concatenate([ordered[:, 0], [duration_s]])
    found = np.flatnonzero(starts - covered_to > longer_than_s)
    return tuple((round(float(covered_to[at]), 3), round(float(starts[at]), 3)) for at in found)


def merged(spans: Sequence[Span], *, within_s: float = 0.0) -> Spans:
    """The spans in order. Those that overlap, or are at most ``within_s`` apart, become one."""
    result: list[Span] = []
    for start_s, end_s in sorted(spans):
        if result and start_s <= result[-1][1] + within_s:
            result[-1] = (result[-1][0], max(result[-1][1], end_s))
        else:
            result.append((start_s, end_s))
    return tuple(result)
