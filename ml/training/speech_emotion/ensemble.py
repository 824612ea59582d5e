"""The geometric mean of an ensemble's members (a logarithmic opinion pool with equal weights, Heskes 1998)."""

from typing import Final

import numpy as np

from ml.arrays import Floats

EPSILON: Final = 1e-7
"""Lower probabilities count as this, so that one member cannot rule out a class alone."""


def geometric_mean(probabilities: Floats) -> Floats:
    """Probabilities (members, n, classes) to (n, classes), which sum to 1; a single member is unchanged."""
    if len(probabilities) == 1:
        return np.asarray(probabilities[0])
    logarithms = np.log(np.maximum(probabilities, EPSILON)).mean(axis=0)
    powers = np.exp(logarithms - logarithms.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
