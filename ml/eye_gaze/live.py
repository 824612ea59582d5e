"""Gaze while it happens: the area of each reading, from what the session has shown so far.

A recording's areas are cut once all of it was seen (:mod:`ml.eye_gaze.areas`); here the middle and the open eye are
those of the last minutes, the running median looks back only, and a change of area shows once it has lasted, where a
recording's counts from its beginning. With a calibration the middle is the middle dot.
"""

from collections import deque
from typing import Final

import numpy as np

from ml.eye_gaze.areas import chances_of, doubt, middle_of, open_limit, position
from ml.eye_gaze.borders import Borders, area
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import Reading
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
        self._remembered: deque[Reading] = deque()
        self._recent: deque[Reading] = deque(maxlen=parameters.smoothing)
        self._revised_s = -REVISED_S
        self._middle: Pair = (0.0, 0.0)
        self._least_open = parameters.closed
        self._borders = Borders(parameters)

    def area(self, reading: Reading) -> tuple[str, tuple[float, ...]]:
        """The label of this reading and the probability of each of the nine areas; (``unknown``, ()) in a blink."""
        self._remember(reading)
        if reading.openness < self._least_open:
            return UNKNOWN, ()
        self._recent.append(reading)
        own, made = self._parameters, self._calibration
        smooth = np.median([position(r, self._middle, own, made) for r in self._recent], axis=0)
        self._borders.see(smooth, reading.start_s)
        return area(self._borders.beyond), chances_of(smooth, doubt(reading, own, made))

    def _remember(self, reading: Reading) -> None:
        if not self._remembered or reading.start_s - self._remembered[-1].start_s >= THINNED_S:
            self._remembered.append(reading)
        while self._remembered[0].start_s < reading.start_s - REMEMBERED_S:
            self._remembered.popleft()
        if reading.start_s - self._revised_s < REVISED_S:
            return
        self._revised_s = reading.start_s
        self._least_open = open_limit([r.openness for r in self._remembered], self._parameters)
        self._middle = middle_of([(r.across, r.up) for r in self._remembered if r.openness >= self._least_open])
