"""From the readings of a session to areas: centre on the session, smooth, cut with hysteresis.

Uncalibrated mode: nobody was asked to look anywhere, so the session's own median direction is the middle. That is
right for a candidate who mostly looks at the interviewer, and wrong for one who mostly does not.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import COLUMNS, LABELS, ROWS
from ml.eye_gaze.parameters import Pair, Parameters
from ml.timeline import UNKNOWN, Observation

WIDE_OPEN: Final = 75.0
"""Percentile of a session's lid openings that stands for its open eyes."""


def observations(readings: Sequence[Reading], parameters: Parameters) -> list[Observation]:
    """One observation per reading, in order; ``unknown`` while the eyes are closed."""
    open_eyes = _open(readings, parameters)
    seen = [reading for reading, is_open in zip(readings, open_eyes, strict=True) if is_open]
    if not seen:
        return [Observation(r.start_s, r.end_s, UNKNOWN, 0.0) for r in readings]
    across = _centred([r.across for r in seen], parameters.smoothing)
    up = _centred([r.up for r in seen], parameters.smoothing)
    # Rows and columns are numbered as in LABELS: 0 is top and left, where the sine is largest.
    columns = _bands(across, parameters.center[0], parameters.hysteresis)
    rows = _bands(up, parameters.center[1], parameters.hysteresis)
    found = iter(zip(seen, across, up, columns, rows, strict=True))
    result = []
    for reading, is_open in zip(readings, open_eyes, strict=True):
        if not is_open:
            result.append(Observation(reading.start_s, reading.end_s, UNKNOWN, 0.0))
            continue
        _, x, y, column, row = next(found)
        chances = area_chances(x, y, parameters.center, (reading.noise, reading.noise))
        index = row * len(COLUMNS) + column
        result.append(
            Observation(
                reading.start_s,
                reading.end_s,
                LABELS[index],
                float(chances[index]),
                tuple(float(chance) for chance in chances),
            )
        )
    return result


def _open(readings: Sequence[Reading], parameters: Parameters) -> list[bool]:
    if not readings:
        return []
    wide = float(np.percentile([r.openness for r in readings], WIDE_OPEN))
    limit = max(parameters.closed, parameters.closed_share * wide)
    return [r.openness >= limit for r in readings]


def _centred(values: list[float], window: int) -> NDArray[np.float64]:
    """Running median of ``window`` readings, less the session's median."""
    array = np.asarray(values, dtype=np.float64)
    padded = np.pad(array, window // 2, mode="edge")
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(padded, window), axis=1)
    return np.asarray(smooth - np.median(array))


def _bands(values: NDArray[np.float64], half: float, hysteresis: float) -> list[int]:
    """0 above ``half``, 2 below ``-half``, 1 between; a border counts only once it is passed by ``hysteresis``."""
    result = []
    band = 1
    for value in values:
        band = next_band(band, value, half, hysteresis)
        result.append(band)
    return result


def next_band(band: int, value: float, half: float, hysteresis: float) -> int:
    """The band of ``value`` after a reading in ``band``."""
    direct = 0 if value > half else 2 if value < -half else 1
    nearest = half if value > 0 else -half
    leaves = direct != band and (abs(value - nearest) >= hysteresis or {direct, band} == {0, 2})
    return direct if leaves else band


def area_chances(x: float, y: float, center: Pair, noise: Pair) -> NDArray[np.float64]:
    """Probability (9,) of each area, in the order of LABELS, for a direction ``x`` across and ``y`` up."""
    return np.outer(_chances(y, center[1], noise[1]), _chances(x, center[0], noise[0])).reshape(-1)


def _chances(value: float, half: float, noise: float) -> NDArray[np.float64]:
    """Probability of each of the three bands if the true value is normally distributed around the measured one."""

    def above(limit: float) -> float:
        return 0.5 * math.erfc((limit - value) / (noise * math.sqrt(2)))

    top, bottom = above(half), 1 - above(-half)
    return np.array([top, max(0.0, 1 - top - bottom), bottom])


assert len(ROWS) * len(COLUMNS) == len(LABELS)
