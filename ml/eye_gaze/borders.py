"""Temporal hysteresis at the borders between gaze areas: one-sided cumulative sums (CUSUM; Page 1954).

A gaze changes its area once the positions beyond a border, weighted by their distance from it, have lasted for the
dwell time. A look at another area needs two samples at ten frames a second. The noise of a steady gaze on a border
cancels out and practically never changes the area. Positions are in half widths of the middle area, whose borders are
at -1 and 1. Distances are measured in units of the noise of the sample: on a small face, whose positions are noisier,
the dead band and the distance of full weight grow with it.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from ml.arrays import Bool, Float64
from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.eye_gaze.parameters import Parameters

MAX_STEP_S: Final = 0.1
"""Longest time that one sample counts for. It is shorter than the dwell time, so that one sample never is a look."""


class Border:
    """One border of the middle area on one axis. ``crossed`` while the gaze is beyond it."""

    def __init__(self, side: int, *, hysteresis: float, clear: float, dwell_s: float) -> None:
        """``side``: 1 or -1. A position less than ``hysteresis`` beyond the border has negative weight, one ``clear``
        or more beyond has weight 1."""
        self.crossed = False
        self._side, self._hysteresis, self._clear, self._dwell_s = side, hysteresis, clear, dwell_s
        self._sum_s = 0.0
        self._onset = 0

    def update(self, value: float, seconds: float, index: int, noise: float) -> int | None:
        """Adds the next position, which counts for ``seconds`` and whose standard deviation is ``noise`` times that on
        a large face. Returns the index of the position at which the crossing began if the border is crossed now, in
        either direction, and ``None`` otherwise."""
        past = self._side * value - 1
        distance = (-past if self.crossed else past) / noise - self._hysteresis
        if distance > 0 and self._sum_s == 0:
            self._onset = index
        weight = min(1.0, max(-1.0, distance / (self._clear - self._hysteresis)))
        self._sum_s = max(0.0, self._sum_s + weight * seconds)
        if distance <= 0 or self._sum_s < self._dwell_s:
            return None
        self.crossed, self._sum_s = not self.crossed, 0.0
        return self._onset


class Borders:
    """The four borders of the middle area. Positions (horizontal, vertical) come in the order of time."""

    def __init__(self, parameters: Parameters) -> None:
        self._borders = tuple(
            (
                axis,
                Border(
                    side,
                    hysteresis=parameters.hysteresis / parameters.center[axis],
                    clear=parameters.clear,
                    dwell_s=parameters.dwell_s,
                ),
            )
            for axis in (0, 1)
            for side in (1, -1)
        )
        self._last_s: float | None = None
        self._index = -1

    def update(self, position: Sequence[float] | Float64, at_s: float, noise: float = 1.0) -> list[int | None]:
        """Adds the next position, with its noise relative to that on a large face. Returns for each border what
        :meth:`Border.update` returns."""
        seconds = MAX_STEP_S if self._last_s is None else min(MAX_STEP_S, at_s - self._last_s)
        self._last_s, self._index = at_s, self._index + 1
        return [border.update(float(position[axis]), seconds, self._index, noise) for axis, border in self._borders]

    @property
    def crossed(self) -> tuple[bool, ...]:
        """Which borders the gaze is beyond: left, right, top, bottom."""
        return tuple(border.crossed for _, border in self._borders)


def area(crossed: Sequence[bool] | Bool) -> str:
    """The label of a gaze beyond these borders: left, right, top, bottom."""
    left, right, top, bottom = crossed
    column = 0 if left else 2 if right else 1
    row = 0 if top else 2 if bottom else 1
    return LABELS[row * len(COLUMNS) + column]


def areas_of(
    positions: Float64, starts_s: Sequence[float], noises: Sequence[float], parameters: Parameters
) -> list[str]:
    """The label of each position (n, 2) of a whole session, with its noise relative to that on a large face. As in a
    live session, except that a change of area counts from the position at which it began."""
    borders = Borders(parameters)
    crossed = np.zeros((len(positions), 4), np.bool_)
    for index, (position, at_s, noise) in enumerate(zip(positions, starts_s, noises, strict=True)):
        onsets = borders.update(position, at_s, noise)
        crossed[index] = borders.crossed
        for border, onset in enumerate(onsets):
            if onset is not None:
                crossed[onset:index, border] = crossed[index, border]
    return [area(row) for row in crossed]
