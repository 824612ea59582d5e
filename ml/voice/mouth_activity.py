"""Evidence from the mouth: how fast the lips of the face in view move while somebody speaks.

A mouth that speaks opens and closes several times a second. A mouth that listens is shut, or moves slowly. The measure
is the root mean square of the change of the opening from frame to frame, within about a second. It needs no agreement
with single syllables, so ten frames a second are enough.

A landmark that jumps for one frame would outweigh a second of a shut mouth. Such a frame is replaced before by the
median of the frames around it (Hampel filter). A syllable opens the mouth for longer.

One person mumbles, another one laughs as they listen. So the levels of both are adapted to the recording.
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

SPREAD: Final = 0.5
"""Standard deviation of the natural logarithm of the movement, of a mouth that speaks and of one that does not."""
STILL: Final = 0.002
"""Movement below which the picture stands still: a photo, or frozen. Landmarks of a living face move more."""
MAX_EVIDENCE: Final = 3.0
"""Largest log-likelihood ratio of one window: no movement is proof."""


@dataclass(frozen=True, slots=True)
class MouthLevels:
    """Medians of the movement of a mouth that is ``speaking``, and of one that is ``listening``."""

    speaking: float
    listening: float


TYPICAL: Final = MouthLevels(speaking=0.042, listening=0.013)
TYPICAL_S: Final = 3.0
"""Seconds of each as which the typical levels count when levels are adapted to one person."""
MIN_RATIO: Final = 0.5
"""Smallest natural logarithm of the ratio of both levels of one person."""


def mouth_movement(times_s: Float64, openness: Float64, at_s: Float64) -> Float64:
    """The root mean square change of the opening from frame to frame at the times ``at_s`` (n,), NaN where no living
    mouth was seen. The ``openness`` (m,) was measured at ``times_s`` (m,); both ascend."""
    steps_s = np.diff(times_s)
    usable = steps_s <= MAX_STEP_S
    middles = ((times_s[1:] + times_s[:-1]) / 2)[usable]
    squares = np.concatenate([[0.0], np.cumsum(np.diff(without_outliers(openness))[usable] ** 2)])
    first = np.searchsorted(middles, at_s - WINDOW_S / 2)
    last = np.searchsorted(middles, at_s + WINDOW_S / 2)
    count = last - first
    mean = (squares[last] - squares[first]) / np.maximum(1, count)
    movement = np.sqrt(np.maximum(0.0, mean))
    movement[(count < MIN_STEPS) | (movement < STILL)] = np.nan
    return np.asarray(movement)


def movement_evidence(movement: Float64, levels: MouthLevels = TYPICAL) -> Float64:
    """The natural log-likelihood ratio (n,) of speaking against not speaking, 0 where no mouth was seen."""
    log = _log(np.nan_to_num(movement, nan=1.0))
    ratio = ((log - np.log(levels.listening)) ** 2 - (log - np.log(levels.speaking)) ** 2) / (2 * SPREAD**2)
    return np.where(np.isnan(movement), 0.0, np.clip(ratio, -MAX_EVIDENCE, MAX_EVIDENCE))


def adapted_levels(movement: Float64, lengths_s: Float64, speaking: Float64) -> MouthLevels:
    """The levels of one person (MAP estimate), of whom ``movement`` (n,) was measured over steps of ``lengths_s`` (n,);
    ``speaking`` (n,) is the probability of each step that they speak."""
    seen = ~np.isnan(movement)
    log, lengths_s, speaking = _log(movement[seen]), lengths_s[seen], speaking[seen]

    def level(weights: Float64, typical: float) -> float:
        return float((weights @ log + TYPICAL_S * np.log(typical)) / (weights.sum() + TYPICAL_S))

    high = level(lengths_s * speaking, TYPICAL.speaking)
    low = level(lengths_s * (1 - speaking), TYPICAL.listening)
    if high - low < MIN_RATIO:
        middle = (high + low) / 2
        high, low = middle + MIN_RATIO / 2, middle - MIN_RATIO / 2
    return MouthLevels(speaking=float(np.exp(high)), listening=float(np.exp(low)))


def without_outliers(openness: Float64) -> Float64:
    """The opening (m,) after a Hampel filter that replaces single frames."""
    if not openness.size:
        return openness
    around = sliding_window_view(np.pad(openness, OUTLIER_FRAMES, mode="symmetric"), 2 * OUTLIER_FRAMES + 1)
    median = np.median(around, axis=1)
    deviation = MAD_TO_DEVIATION * np.median(np.abs(around - median[:, np.newaxis]), axis=1)
    is_outlier = np.pad(np.abs(openness - median) > OUTLIER * deviation, 1)
    is_alone = is_outlier[1:-1] & ~is_outlier[:-2] & ~is_outlier[2:]
    return np.where(is_alone, median, openness)


def _log(movement: Float64) -> Float64:
    return np.asarray(np.log(np.maximum(1e-4, movement)))
