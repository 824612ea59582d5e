"""Evidence from the mouth: how fast the lips of the face in view move while somebody speaks.

A mouth that speaks opens and closes several times a second. A mouth that listens is shut, or moves slowly. The measure
is the root mean square of the change of the opening from frame to frame, within about a second. It needs no agreement
with single syllables, so ten frames a second are enough.

A landmark that jumps for one frame would outweigh a second of a shut mouth. Such a frame is replaced before by the
median of the frames around it (Hampel filter). A syllable opens the mouth for longer.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ml.arrays import Float64

WINDOW_S: Final = 1.0
MAX_STEP_S: Final = 0.35
"""Frames further apart than this say nothing about movement between them."""
MIN_STEPS: Final = 4
"""Steps from frame to frame in a window, without which the mouth counts as not seen."""

OUTLIER: Final = 7.0
"""Deviation from the median of the frames around it, in their standard deviations as estimated from the median absolute
deviation, above which the opening of a single frame is replaced."""
OUTLIER_FRAMES: Final = 5
"""Frames before and after one that it is compared with."""
MAD_TO_DEVIATION: Final = 1.4826
"""Standard deviation of a Gaussian over its median absolute deviation."""

SPEAKING: Final = 0.042
LISTENING: Final = 0.013
"""Typical movement of a mouth that speaks, and of one that does not: medians, relative to the distance of the eyes."""
SPREAD: Final = 0.5
"""Standard deviation of the natural logarithm of both."""
STILL: Final = 0.002
"""Movement below which the picture stands still: a photo, or frozen. Landmarks of a living face move more."""
MAX_EVIDENCE: Final = 3.0
"""Largest log-likelihood ratio of one window: no movement is proof."""


@dataclass(frozen=True, slots=True, eq=False)
class MouthActivity:
    """At n times: ``movement`` (n,), the root mean square change of the opening from frame to frame, NaN where no
    living mouth was seen; ``evidence`` (n,), the natural log-likelihood ratio of speaking against not speaking, 0
    there."""

    movement: Float64
    evidence: Float64


def mouth_activity(times_s: Float64, openness: Float64, at_s: Float64) -> MouthActivity:
    """At the times ``at_s`` (n,), of a mouth whose ``openness`` (m,) was measured at ``times_s`` (m,); both ascend."""
    steps_s = np.diff(times_s)
    usable = steps_s <= MAX_STEP_S
    middles = ((times_s[1:] + times_s[:-1]) / 2)[usable]
    squares = np.concatenate([[0.0], np.cumsum(np.diff(_without_outliers(openness))[usable] ** 2)])
    first = np.searchsorted(middles, at_s - WINDOW_S / 2)
    last = np.searchsorted(middles, at_s + WINDOW_S / 2)
    count = last - first
    mean = (squares[last] - squares[first]) / np.maximum(1, count)
    movement = np.sqrt(np.maximum(0.0, mean))
    movement[(count < MIN_STEPS) | (movement < STILL)] = np.nan
    return MouthActivity(movement, _evidence(movement))


def _without_outliers(openness: Float64) -> Float64:
    """The opening (m,) after a Hampel filter that replaces single frames."""
    if not openness.size:
        return openness
    around = sliding_window_view(np.pad(openness, OUTLIER_FRAMES, mode="symmetric"), 2 * OUTLIER_FRAMES + 1)
    median = np.median(around, axis=1)
    deviation = MAD_TO_DEVIATION * np.median(np.abs(around - median[:, np.newaxis]), axis=1)
    is_outlier = np.pad(np.abs(openness - median) > OUTLIER * deviation, 1)
    is_alone = is_outlier[1:-1] & ~is_outlier[:-2] & ~is_outlier[2:]
    return np.where(is_alone, median, openness)


def _evidence(movement: Float64) -> Float64:
    log = np.log(np.maximum(1e-4, np.nan_to_num(movement, nan=1.0)))
    ratio = ((log - np.log(LISTENING)) ** 2 - (log - np.log(SPEAKING)) ** 2) / (2 * SPREAD**2)
    return np.where(np.isnan(movement), 0.0, np.clip(ratio, -MAX_EVIDENCE, MAX_EVIDENCE))
