"""How much each network of a version has to say: what they say of a clip becomes one distribution.

Probabilities are multiplied, each raised to its network's share (a product of experts with fitted exponents, Heskes
1998): a network that is often sure and right gets a larger one. Shares are fitted on clips that the networks were not
trained on.
"""

from typing import Final

import numpy as np
from scipy.optimize import minimize

from ml.training.metrics import Floats, Ints, cross_entropy

LEAST_PROBABILITY: Final = 1e-6
"""What a probability is at least before its logarithm is taken."""


def fit(truth: Ints, said: Floats) -> tuple[float, ...]:
    """The shares, none below 0, with the least cross-entropy for class indices (n,) and what the networks said of the
    clips, (networks, n, classes). One network alone has the share 1."""
    if len(said) == 1:
        return (1.0,)
    logs = np.log(said.astype(np.float64) + LEAST_PROBABILITY)
    right = logs[:, np.arange(len(truth)), truth]

    def loss(shares: Floats) -> tuple[float, Floats]:
        mixture = _softmax(np.tensordot(shares, logs, 1))
        slope = (mixture * logs).sum(axis=2).mean(axis=1) - right.mean(axis=1)
        return cross_entropy(truth, mixture), slope

    found = minimize(loss, np.full(len(said), 1 / len(said)), jac=True, bounds=[(0, None)] * len(said))
    return tuple(round(share, 3) for share in found.x.tolist())


def mixed(said: Floats, shares: tuple[float, ...]) -> Floats:
    """Probabilities (n, classes) of what networks said, (networks, n, classes); what one alone said stays as it is."""
    if len(said) == 1:
        alone: Floats = said[0]
        return alone
    logs = np.log(said + LEAST_PROBABILITY)
    return _softmax(np.asarray(np.tensordot(np.array(shares), logs, 1)))


def _softmax(logits: Floats) -> Floats:
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=1, keepdims=True))
