"""Gaze areas during a live session, from the samples so far.

A recording's areas are determined once all of it was seen (:mod:`ml.eye_gaze.areas`). Live, the middle and the lid
threshold are those of the last minutes, the running median is causal, and a change of area counts from the end of the
dwell time instead of its beginning. With a calibration the middle is the middle target.
"""

from collections import deque
from typing import Final

import numpy as np

from ml.eye_gaze.areas import closed_eyes, lid_threshold, median_direction, observation, position, relative_noise
from ml.eye_gaze.borders import Borders, area
from ml.eye_gaze.calibration import Calibration
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.parameters import Pair, Parameters
from ml.timeline import Observation

HISTORY_S: Final = 180.0
"""Length of the sliding window whose median direction is the session's middle."""
HISTORY_STEP_S: Final = 0.2
"""Sampling interval of that window."""
UPDATE_EVERY_S: Final = 1.0
"""Interval at which middle and lid threshold are computed again."""


class LiveGaze:
    """Gaze of one live session. Samples come in the order of time."""

    def __init__(self, parameters: Parameters, calibration: Calibration | None = None) -> None:
        self._parameters = parameters
        self._calibration = calibration
        self._history: deque[GazeSample] = deque()
        self._recent: deque[GazeSample] = deque(maxlen=parameters.smoothing)
        self._updated_s = -UPDATE_EVERY_S
        self._middle: Pair = (0.0, 0.0)
        self._lid_threshold = parameters.closed
        self._borders = Borders(parameters)

    def update(self, sample: GazeSample) -> Observation:
        """The observation of the next sample. ``unknown`` while the eyes are closed."""
        self._remember(sample)
        if sample.openness < self._lid_threshold:
            return closed_eyes(sample)
        self._recent.append(sample)
        positions = [position(s, self._middle, self._parameters, self._calibration) for s in self._recent]
        smooth = np.median(positions, axis=0)
        self._borders.update(smooth, sample.start_s, relative_noise(sample, self._parameters))
        return observation(sample, area(self._borders.crossed), smooth, self._parameters, self._calibration)

    def _remember(self, sample: GazeSample) -> None:
        history = self._history
        if not history or sample.start_s - history[-1].start_s >= HISTORY_STEP_S:
            history.append(sample)
        while history[0].start_s < sample.start_s - HISTORY_S:
            history.popleft()
        if sample.start_s - self._updated_s < UPDATE_EVERY_S:
            return
        self._updated_s = sample.start_s
        self._lid_threshold = lid_threshold([s.openness for s in history], self._parameters)
        opened = [s for s in history if s.openness >= self._lid_threshold]
        self._middle = median_direction([(s.horizontal, s.vertical) for s in opened])
