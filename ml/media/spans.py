"""Holes between packets or frames, as spans of time (:mod:`ml.spans`)."""

import numpy as np

from ml.arrays import Float64
from ml.spans import Spans


def holes(times: Float64, *, duration_s: float, longer_than_s: float) -> Spans:
    """The stretches of ``[0, duration_s)`` longer than ``longer_than_s`` that none of ``times`` covers: float64 (n, 2),
    start and end in seconds, in any order."""
    ordered = times[np.argsort(times[:, 0], kind="stable")]
    covered_to = np.maximum.accumulate(np.concatenate([[0.0], ordered[:, 1]]))
    starts = np.concatenate([ordered[:, 0], [duration_s]])
    found = np.flatnonzero(starts - covered_to > longer_than_s)
    return tuple((round(float(covered_to[at]), 3), round(float(starts[at]), 3)) for at in found)
