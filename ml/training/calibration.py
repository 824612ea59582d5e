"""Temperature scaling (Guo et al. 2017): one number, chosen on validation, that makes confidences honest."""

import numpy as np

from ml.runtime import calibrate
from ml.training.metrics import Floats, Ints, cross_entropy

# Beyond these a network is broken, not miscalibrated.
_COLDEST, _HOTTEST = 0.25, 8.0


def fit_temperature(truth: Ints, probabilities: Floats) -> float:
    """The temperature with the least cross-entropy on a validation set, to two digits behind the point.

    ``truth`` int (n,), ``probabilities`` softmax outputs (n, classes). Golden-section search: the loss has a single
    valley in the logarithm of the temperature.
    """
    golden = (5**0.5 - 1) / 2
    low, high = float(np.log(_COLDEST)), float(np.log(_HOTTEST))

    def loss(log_temperature: float) -> float:
        return cross_entropy(truth, calibrate(probabilities.astype(np.float32), float(np.exp(log_temperature))))

    for _ in range(40):
        left, right = high - golden * (high - low), low + golden * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return round(float(np.exp((low + high) / 2)), 2)
