"""Downmix of the channels of a track into one."""

from typing import Final

import numpy as np

from ml.arrays import Float32, Float64, Samples

SILENT_BELOW: Final = 1e-4
"""Power of a channel relative to the strongest (-40 dB) below which it is not mixed: it would only halve the others."""
INVERTED_BELOW: Final = -0.5
"""Correlation with the strongest channel below which a channel is mixed with its polarity inverted."""
NEARLY: Final = 0.8
"""Of channels with nearly the same power the first counts as the strongest, so that the polarity does not alternate."""
FADE_S: Final = 0.01
"""A change of the weights is spread over this time, so that it does not click."""


class Downmix:
    """Mixes chunks of sound into one channel: the mean of the channels that are not silent.

    A channel with inverted polarity (right = minus left) is inverted first; the plain mean of such channels would
    cancel out. The weights are chosen anew for each chunk.
    """

    def __init__(self, rate_hz: int) -> None:
        self._fade = max(1, round(FADE_S * rate_hz))
        self._weights: Float64 | None = None

    def __call__(self, channels: Float32) -> Samples:
        """Of (samples, channels), the mono samples."""
        if channels.shape[1] == 1:
            return np.ascontiguousarray(channels[:, 0])
        before, self._weights = self._weights, _weights(channels, self._weights)
        mono = (channels @ self._weights).astype(np.float32)
        if before is not None and not np.array_equal(before, self._weights):
            count = min(self._fade, len(mono))
            part = np.linspace(0, 1, count, endpoint=False)
            mono[:count] = part * mono[:count] + (1 - part) * (channels[:count] @ before)
        return mono


def _weights(channels: Float32, before: Float64 | None) -> Float64:
    """One weight a channel; their magnitudes sum to 1. Silence keeps the weights of before."""
    products = channels.T.astype(np.float64) @ channels
    power = np.diag(products)
    strongest = int(np.flatnonzero(power >= NEARLY * power.max())[0])
    if power[strongest] <= 0:
        return before if before is not None else np.full(len(power), 1 / len(power))
    sounding = power > SILENT_BELOW * power[strongest]
    scale = np.sqrt(np.maximum(power, 1e-30) * power[strongest])
    polarity = np.where(products[strongest] / scale < INVERTED_BELOW, -1.0, 1.0)
    return np.asarray(sounding * polarity / sounding.sum())
