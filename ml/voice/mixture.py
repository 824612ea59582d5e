"""Gaussian mixtures with diagonal covariances: estimation, and MAP adaptation of the means (Reynolds et al. 2000)."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Float64

SAMPLED: Final = 6000
"""At most so many frames are used to estimate a mixture."""
RELEVANCE: Final = 20.0
"""Frames of a component at which its own mean and the common one have the same weight."""

_KMEANS_ROUNDS: Final = 8
_EM_ROUNDS: Final = 6
_MIN_VARIANCE: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Of k components over d features: ``means`` and ``variances`` (k, d), ``weights`` (k,)."""

    means: Float64
    variances: Float64
    weights: Float64

    def component_logs(self, x: Float64) -> Float64:
        """Log densities (n, k) of the weighted components at ``x`` (n, d), without the constant they share."""
        precision = 1 / self.variances
        squares = x**2 @ precision.T - 2 * x @ (self.means * precision).T + (self.means**2 * precision).sum(axis=1)
        return np.asarray(np.log(self.weights) - 0.5 * np.log(self.variances).sum(axis=1) - 0.5 * squares)

    def log_likelihood(self, x: Float64) -> Float64:
        """Log density (n,) at ``x`` (n, d), without the same constant."""
        logs = self.component_logs(x)
        highest = logs.max(axis=1)
        return np.asarray(highest + np.log(np.exp(logs - highest[:, np.newaxis]).sum(axis=1)))

    def responsibilities(self, x: Float64) -> Float64:
        """Posterior probabilities (n, k) of the components at ``x`` (n, d)."""
        logs = self.component_logs(x)
        shares = np.exp(logs - logs.max(axis=1, keepdims=True))
        return np.asarray(shares / shares.sum(axis=1, keepdims=True))

    def adapted(self, counts: Float64, sums: Float64) -> "Mixture":
        """The mixture with its means adapted to frames of which ``counts`` (k,) belong to each component, with the
        ``sums`` (k, d)."""
        means = (sums + RELEVANCE * self.means) / (counts + RELEVANCE)[:, np.newaxis]
        return Mixture(means, self.variances, self.weights)


def estimate(x: Float64, components: int) -> Mixture:
    """The mixture of standardised frames (n, d), by k-means and expectation maximisation. The same frames always give
    the same mixture."""
    rng = np.random.default_rng(0)
    sample = x[rng.permutation(len(x))[:SAMPLED]]
    means = sample[:components]
    for _ in range(_KMEANS_ROUNDS):
        distances = (means**2).sum(axis=1) - 2 * sample @ means.T
        nearest = distances.argmin(axis=1)
        means = np.array(
            [sample[nearest == k].mean(axis=0) if np.any(nearest == k) else means[k] for k in range(components)]
        )
    mixture = Mixture(means, np.ones_like(means), np.full(components, 1 / components))
    for _ in range(_EM_ROUNDS):
        shares = mixture.responsibilities(sample)
        counts = shares.sum(axis=0) + 1e-6
        means = shares.T @ sample / counts[:, np.newaxis]
        variances = np.maximum(_MIN_VARIANCE, shares.T @ sample**2 / counts[:, np.newaxis] - means**2)
        mixture = Mixture(means, variances, counts / counts.sum())
    return mixture
