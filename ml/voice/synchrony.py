"""Evidence from audio-visual synchrony: whether the mouth in view opens and shuts with the loudness of the speech.

A mouth that speaks is open in vowels, which are loud, and shut in stops and pauses. The movements of somebody who
listens, laughs or chews have no part in that, however large they are. The measure is Pearson's correlation of the
opening with the level within two seconds. It is independent of how far a mouth opens.
"""

from typing import Final

import numpy as np

from ml.arrays import Bool, Float64
from ml.voice import f0
from ml.voice.mouth_activity import without_outliers
from ml.voice.timbre import VoiceFrames

WINDOW_S: Final = 2.0
MIN_FRAMES: Final = 8
"""Frames of the mouth in a window, without which there is no correlation."""
OFFSETS_S: Final = (-0.1, 0.0, 0.1)
"""Sound and picture of a recording may be so far apart. The highest correlation of these offsets counts."""
AROUND_S: Final = 0.05
"""The level is averaged over so much before and after the time of a frame of the mouth."""
FLOOR: Final = 10.0
"""Percentile of the level of speech that counts as 0, as silence does."""

NEUTRAL: Final = 0.36
"""Correlation that a mouth has as often when it speaks as when it does not."""
SLOPE: Final = 6.1
"""Change of the log-likelihood ratio with the correlation: 0.55 in the mean of mouths that speak, 0.17 of others, with
a standard deviation of 0.25."""
MAX_EVIDENCE: Final = 3.0
"""Largest log-likelihood ratio of one window."""

_MIN_OPENNESS_SQUARES: Final = 1e-7
_MIN_LEVEL_SQUARES: Final = 1e-3


def synchrony_evidence(times_s: Float64, openness: Float64, frames: VoiceFrames, at_s: Float64) -> Float64:
    """The natural log-likelihood ratio (n,) of speaking against not speaking at the times ``at_s`` (n,), ascending, 0
    where it is not known. The opening of the mouth (m,) was measured at ``times_s`` (m,)."""
    if not times_s.size or not frames.times_s.size:
        return np.zeros(at_s.size)
    openness = without_outliers(openness)
    correlations = np.stack(
        [_correlation(times_s, openness, _level(frames, times_s + offset_s), at_s) for offset_s in OFFSETS_S]
    )
    is_known = np.any(~np.isnan(correlations), axis=0)
    highest = np.nan_to_num(correlations, nan=-1.0).max(axis=0)
    return np.where(is_known, np.clip(SLOPE * (highest - NEUTRAL), -MAX_EVIDENCE, MAX_EVIDENCE), 0.0)


def _level(frames: VoiceFrames, at_s: Float64) -> Float64:
    """The mean level (n,) around these times, in decibels above :data:`FLOOR`."""
    above = np.maximum(0.0, frames.level_db - np.percentile(frames.level_db, FLOOR))
    sums = np.concatenate([[0.0], np.cumsum(above, dtype=np.float64)])
    first, last = (np.searchsorted(frames.times_s, at_s + side_s) for side_s in (-AROUND_S, AROUND_S))
    return np.asarray((sums[last] - sums[first]) * f0.HOP_S / (2 * AROUND_S))


def _correlation(times_s: Float64, openness: Float64, level: Float64, at_s: Float64) -> Float64:
    """Within windows around ``at_s``, NaN where the mouth was not in view or one of both is constant."""
    first, last = (np.searchsorted(times_s, at_s + side_s) for side_s in (-WINDOW_S / 2, WINDOW_S / 2))
    count = last - first

    def total(values: Float64) -> Float64:
        sums = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(sums[last] - sums[first])

    def covariance(one: Float64, other: Float64) -> Float64:
        return np.asarray(total(one * other) - total(one) * total(other) / np.maximum(1, count))

    openings, levels = covariance(openness, openness), covariance(level, level)
    is_known: Bool = (count >= MIN_FRAMES) & (openings > _MIN_OPENNESS_SQUARES) & (levels > _MIN_LEVEL_SQUARES)
    scale = np.sqrt(np.where(is_known, openings * levels, 1.0))
    return np.where(is_known, covariance(openness, level) / scale, np.nan)
