"""Gaze while it happens: the area of each reading, from what the session has shown so far.

A recording's areas are cut once all of it was seen (:mod:`ml.eye_gaze.areas`); here the middle and the open eye are
those of the last minutes, and the running median looks back only. With a calibration the middle is the middle dot.
"""

from collections import deque
from typing import Final

import numpy as np

from ml.eye_gaze.areas import WIDE_OPEN, area_chances, next_band
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.eye_gaze.parameters import Pair, Parameters
from ml.timeline import UNKNOWN

REMEMBERED_S: Final = 180.0
"""The session's middle is the median direction of so many seconds."""
THINNED_S: Final = 0.2
"""One reading in so many seconds is enough for it."""
REVISED_S: Final = 1.0


class LiveGaze:
    """The gaze of one session; readings come in the order of time."""

    def __init__(self, parameters: Parameters, calibration: Calibration | None = None) -> None:
        self._parameters = parameters
        self._calibration = calibration
        self._remembered: deque[tuple[float, float, float, float]] = deque()
        self._recent: deque[Pair] = deque(maxlen=parameters.smoothing)
        self._revised_s = -REVISED_S
        self._middle: Pair = (0.0, 0.0)
        self._least_open = parameters.closed
        self._column = self._row = 1

    def area(self, reading: Reading) -> tuple[str, tuple[float, ...]]:
        """The label of this reading and the probability of each of the nine areas; (``unknown``, ()) in a blink."""
        direction, scale = self._direction(reading)
        self._remember(reading, direction)
        if reading.openness < self._least_open:
            return UNKNOWN, ()
        self._recent.append(direction)
        smooth = np.median(np.array(self._recent), axis=0) - np.array(self._middle)
        x, y = float(smooth[0]), float(smooth[1])
        center, hysteresis = self._borders()
        self._column = next_band(self._column, x, center[0], hysteresis[0])
        self._row = next_band(self._row, y, center[1], hysteresis[1])
        chances = area_chances(x, y, center, (reading.noise * scale[0], reading.noise * scale[1]))
        index = self._row * len(COLUMNS) + self._column
        return LABELS[index], tuple(float(chance) for chance in chances)

    def _direction(self, reading: Reading) -> tuple[Pair, Pair]:
        """Where the eyes point, and what one sine of it measures: degrees with a calibration, sines without."""
        if self._calibration is None:
            return (reading.across, reading.up), (1.0, 1.0)
        degrees = 180 / np.pi
        return self._calibration.direction(reading), (degrees, degrees)

    def _borders(self) -> tuple[Pair, Pair]:
        """Half width of the middle area, and how far a border must be passed."""
        own = self._parameters
        if self._calibration is None:
            return own.center, (own.hysteresis, own.hysteresis)
        across, up = self._calibration.border_deg
        # As wide a margin, as a share of the middle area, as without a calibration.
        return (across, up), (across * own.hysteresis / own.center[0], up * own.hysteresis / own.center[1])

    def _remember(self, reading: Reading, direction: Pair) -> None:
        if not self._remembered or reading.start_s - self._remembered[-1][0] >= THINNED_S:
            self._remembered.append((reading.start_s, *direction, reading.openness))
        while self._remembered[0][0] < reading.start_s - REMEMBERED_S:
            self._remembered.popleft()
        if reading.start_s - self._revised_s < REVISED_S:
            return
        self._revised_s = reading.start_s
        known = np.array(self._remembered)
        wide = float(np.percentile(known[:, 3], WIDE_OPEN))
        self._least_open = max(self._parameters.closed, self._parameters.closed_share * wide)
        if self._calibration is None:
            seen = known[known[:, 3] >= self._least_open]
            self._middle = float(np.median(seen[:, 1])), float(np.median(seen[:, 2]))
