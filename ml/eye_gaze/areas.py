"""From the gaze samples of a session to observations: centre, smooth, apply the borders.

With a calibration, the candidate's own map gives the middle and the borders. Without one the session's median
direction is the middle, wherever the camera is: :mod:`ml.eye_gaze.direction` gives its angle from the camera.
Positions are (horizontal, vertical) in half widths of the middle area, so that its borders are at -1 and 1 in both
cases.
"""

import math
from collections.abc import Sequence
from itertools import compress
from typing import Final

import numpy as np

from ml.arrays import Float64
from ml.eye_gaze.borders import areas_of
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.labels import COLUMNS, LABELS, ROWS
from ml.eye_gaze.parameters import Pair, Parameters
from ml.timeline import UNKNOWN, Observation

OPEN_PERCENTILE: Final = 75.0
"""Percentile of a session's lid openings that represents its open eyes."""

assert len(ROWS) * len(COLUMNS) == len(LABELS)


def observations(
    samples: Sequence[GazeSample], parameters: Parameters, calibration: Calibration | None = None
) -> list[Observation]:
    """One observation per sample of a whole session, in order. ``unknown`` while the eyes are closed."""
    is_open = open_eyes(samples, parameters)
    opened = list(compress(samples, is_open))
    middle = median_direction([(s.horizontal, s.vertical) for s in opened])
    positions = np.array([position(s, middle, parameters, calibration) for s in opened]).reshape(-1, 2)
    smooth = _running_median(positions, parameters.smoothing)
    noises = [relative_noise(s, parameters) for s in opened]
    located = zip(areas_of(smooth, [s.start_s for s in opened], noises, parameters), smooth, strict=True)
    return [
        observation(sample, *next(located), parameters, calibration) if is_seeing else closed_eyes(sample)
        for sample, is_seeing in zip(samples, is_open, strict=True)
    ]


def observation(
    sample: GazeSample, label: str, position: Float64, parameters: Parameters, calibration: Calibration | None
) -> Observation:
    """The observation of a sample with open eyes: the label as the borders give it, the confidence of the position."""
    probabilities = area_probabilities(position, position_sigma(sample, parameters, calibration))
    return Observation(sample.start_s, sample.end_s, label, probabilities[LABELS.index(label)], probabilities)


def closed_eyes(sample: GazeSample) -> Observation:
    """The observation of a sample with closed eyes."""
    return Observation(sample.start_s, sample.end_s, UNKNOWN, 0.0)


def open_eyes(samples: Sequence[GazeSample], parameters: Parameters) -> list[bool]:
    """For each sample of a whole session, whether its eyes are open."""
    if not samples:
        return []
    threshold = lid_threshold([s.openness for s in samples], parameters)
    return [s.openness >= threshold for s in samples]


def lid_threshold(openness: Sequence[float], parameters: Parameters) -> float:
    """Lid opening below which the eyes of a session with these openings are closed."""
    return max(parameters.closed, parameters.closed_share * float(np.percentile(openness, OPEN_PERCENTILE)))


def median_direction(directions: Sequence[Pair]) -> Pair:
    """The uncalibrated middle of a session with these directions, in sines. (0, 0) without any."""
    if not directions:
        return 0.0, 0.0
    horizontal, vertical = np.median(np.array(directions), axis=0)
    return float(horizontal), float(vertical)


def position(sample: GazeSample, middle: Pair, parameters: Parameters, calibration: Calibration | None) -> Pair:
    """Position of a sample. ``middle`` is used without a calibration only."""
    if calibration is None:
        half_horizontal, half_vertical = parameters.center
        return (sample.horizontal - middle[0]) / half_horizontal, (sample.vertical - middle[1]) / half_vertical
    (horizontal, vertical), (half_horizontal, half_vertical) = calibration.direction(sample), calibration.border_deg
    return horizontal / half_horizontal, vertical / half_vertical


def relative_noise(sample: GazeSample, parameters: Parameters) -> float:
    """Standard deviation of a sample's direction relative to that on a large face. At least 1."""
    return sample.sigma / parameters.noise


def position_sigma(sample: GazeSample, parameters: Parameters, calibration: Calibration | None) -> Pair:
    """Standard deviation of a sample's position."""
    if calibration is None:
        return sample.sigma / parameters.center[0], sample.sigma / parameters.center[1]
    # The noise that the size of this picture adds to that of a large one, and the fit's residual error per axis.
    from_size = math.degrees(max(0.0, sample.sigma - parameters.noise))
    deg = math.hypot(from_size, calibration.error_deg / math.sqrt(2))
    return deg / calibration.border_deg[0], deg / calibration.border_deg[1]


def area_probabilities(position: Float64, sigma: Pair) -> tuple[float, ...]:
    """The probability of each of the nine areas for a normally distributed position with this mean and deviation."""
    rows, columns = _band_probabilities(float(position[1]), sigma[1]), _band_probabilities(float(position[0]), sigma[0])
    return tuple(float(probability) for probability in np.outer(rows, columns).reshape(-1))


def _band_probabilities(value: float, sigma: float) -> Float64:
    """Normal probability mass (3,) above 1, between -1 and 1, and below -1."""

    def above(limit: float) -> float:
        return 0.5 * math.erfc((limit - value) / (max(sigma, 1e-6) * math.sqrt(2)))

    top, bottom = above(1.0), 1 - above(-1.0)
    return np.array([top, max(0.0, 1 - top - bottom), bottom])


def _running_median(positions: Float64, window: int) -> Float64:
    """Centred running median of ``window`` positions (n, 2). The edges are repeated."""
    if not len(positions):
        return positions
    padded = np.pad(positions, ((window // 2, window // 2), (0, 0)), mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, window, axis=0), axis=-1))
