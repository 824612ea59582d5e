"""From the readings of a session to areas: place them around the middle, smooth, cut at the borders.

Calibrated, a person's own map says where the middle and the borders are. Uncalibrated, nobody was asked to look
anywhere, so the session's own median direction is the middle: right for a candidate who mostly looks at the
interviewer, and wrong for one who mostly does not. Positions below are (across, up) in half widths of the middle
area, so that its borders stand at -1 and 1 in both cases.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.eye_gaze.borders import areas_of
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import COLUMNS, LABELS, ROWS
from ml.eye_gaze.parameters import Pair, Parameters
from ml.timeline import UNKNOWN, Observation

WIDE_OPEN: Final = 75.0
"""Percentile of a session's lid openings that stands for its open eyes."""
FARTHEST_MIDDLE: Final = 0.4
"""Sine beyond which no session's middle lies: somebody who always looks farther aside looks away, whatever is usual
for them. A camera beside a screen makes about 0.3."""

Floats = NDArray[np.float64]


def observations(
    readings: Sequence[Reading], parameters: Parameters, calibration: Calibration | None = None
) -> list[Observation]:
    """One observation per reading of a whole session, in order; ``unknown`` while the eyes are closed."""
    if not readings:
        return []
    limit = open_limit([r.openness for r in readings], parameters)
    seen = [r for r in readings if r.openness >= limit]
    middle = middle_of([(r.across, r.up) for r in seen])
    positions = np.array([position(r, middle, parameters, calibration) for r in seen]).reshape(-1, 2)
    smooth = _smoothed(positions, parameters.smoothing)
    named = zip(areas_of(smooth, [r.start_s for r in seen], parameters), smooth, strict=True)
    found = []
    for reading in readings:
        if reading.openness < limit:
            found.append(Observation(reading.start_s, reading.end_s, UNKNOWN, 0.0))
            continue
        label, place = next(named)
        chances = chances_of(place, doubt(reading, parameters, calibration))
        found.append(Observation(reading.start_s, reading.end_s, label, chances[LABELS.index(label)], chances))
    return found


def open_limit(openness: Sequence[float], parameters: Parameters) -> float:
    """Lid opening below which the eyes of a session with these openings are closed."""
    return max(parameters.closed, parameters.closed_share * float(np.percentile(openness, WIDE_OPEN)))


def middle_of(directions: Sequence[Pair]) -> Pair:
    """The uncalibrated middle of a session with these directions (sines)."""
    if not directions:
        return 0.0, 0.0
    across, up = np.clip(np.median(np.array(directions), axis=0), -FARTHEST_MIDDLE, FARTHEST_MIDDLE)
    return float(across), float(up)


def position(reading: Reading, middle: Pair, parameters: Parameters, calibration: Calibration | None) -> Pair:
    """Where a reading stands; ``middle`` counts without a calibration only."""
    if calibration is None:
        return (reading.across - middle[0]) / parameters.center[0], (reading.up - middle[1]) / parameters.center[1]
    (across, up), (half_across, half_up) = calibration.direction(reading), calibration.border_deg
    return across / half_across, up / half_up


def doubt(reading: Reading, parameters: Parameters, calibration: Calibration | None) -> Pair:
    """Deviation to expect of its position."""
    if calibration is None:
        return reading.noise / parameters.center[0], reading.noise / parameters.center[1]
    # What the size of this picture adds to the noise of a large one, and what the fit itself leaves open per axis.
    from_size = math.degrees(max(0.0, reading.noise - parameters.noise))
    deg = math.hypot(from_size, calibration.error_deg / math.sqrt(2))
    return deg / calibration.border_deg[0], deg / calibration.border_deg[1]


def _smoothed(positions: Floats, window: int) -> Floats:
    """Running median of ``window`` positions."""
    if not len(positions):
        return positions
    padded = np.pad(positions, ((window // 2, window // 2), (0, 0)), mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, window, axis=0), axis=-1))


def chances_of(position: Floats, doubt: Pair) -> tuple[float, ...]:
    """The probability of each area at this position if its deviation is ``doubt``."""
    rows, columns = _chances(float(position[1]), doubt[1]), _chances(float(position[0]), doubt[0])
    return tuple(float(chance) for chance in np.outer(rows, columns).reshape(-1))


def _chances(value: float, doubt: float) -> Floats:
    """Probability of each of the three bands if the true position is normally distributed around the measured one."""

    def above(limit: float) -> float:
        return 0.5 * math.erfc((limit - value) / (max(doubt, 1e-6) * math.sqrt(2)))

    top, bottom = above(1.0), 1 - above(-1.0)
    return np.array([top, max(0.0, 1 - top - bottom), bottom])


assert len(ROWS) * len(COLUMNS) == len(LABELS)
