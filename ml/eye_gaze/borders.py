"""On which side of each border a gaze stands, from position to position, without flicker.

A position near a border says little, one well inside another area much. So a gaze changes area once the positions
beyond the border, weighted by how far beyond they are, have lasted for the dwell: two readings for a look at another
area, and practically never for a steady gaze on the border, whose readings lie now on the one side and now on the
other (a cumulative sum, Page 1954). Positions are in half widths of the middle area, whose borders stand at -1 and 1.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.eye_gaze.parameters import Parameters

LONGEST_S: Final = 0.1
"""A position counts for the time since the one before, but no longer than this: one alone is never a look."""

Floats = NDArray[np.float64]


class Border:
    """One border of one axis, and on which side of it the gaze is: ``beyond`` once it has left the middle there."""

    def __init__(self, side: int, *, hysteresis: float, clear: float, dwell_s: float) -> None:
        """``side`` 1 or -1. Positions less than ``hysteresis`` on the other side speak for staying, those ``clear`` or
        more beyond count in full."""
        self.beyond = False
        self._side, self._hysteresis, self._clear, self._dwell_s = side, hysteresis, clear, dwell_s
        self._lasted_s = 0.0
        self._began = 0

    def see(self, value: float, seconds: float, number: int) -> int | None:
        """The next position, which counts for ``seconds``. When it changes the side, the number of the position with
        which the gaze began to go there."""
        past = self._side * value - 1
        across = (-past if self.beyond else past) - self._hysteresis
        if across > 0 and self._lasted_s == 0:
            self._began = number
        weight = min(1.0, max(-1.0, across / (self._clear - self._hysteresis)))
        self._lasted_s = max(0.0, self._lasted_s + weight * seconds)
        if across <= 0 or self._lasted_s < self._dwell_s:
            return None
        self.beyond, self._lasted_s = not self.beyond, 0.0
        return self._began


class Borders:
    """The four borders of the middle area; positions (across, up) come in the order of time."""

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
        self._number = -1

    def see(self, position: Sequence[float] | Floats, at_s: float) -> list[int | None]:
        """The next position. Of each border, the number of the position since which its side is another one."""
        seconds = LONGEST_S if self._last_s is None else min(LONGEST_S, at_s - self._last_s)
        self._last_s, self._number = at_s, self._number + 1
        return [border.see(float(position[axis]), seconds, self._number) for axis, border in self._borders]

    @property
    def beyond(self) -> tuple[bool, ...]:
        """Left, right, top, bottom: which of them the gaze is beyond now."""
        return tuple(border.beyond for _, border in self._borders)


def area(beyond: Sequence[bool] | NDArray[np.bool_]) -> str:
    """The label of a gaze beyond these borders: left, right, top, bottom."""
    left, right, top, bottom = beyond
    column = 0 if left else 2 if right else 1
    row = 0 if top else 2 if bottom else 1
    return LABELS[row * len(COLUMNS) + column]


def areas_of(positions: Floats, starts_s: Sequence[float], parameters: Parameters) -> list[str]:
    """The label of each position (n, 2) of a whole session. As it comes live, except that a change counts from the
    position with which it began."""
    borders = Borders(parameters)
    beyond = np.zeros((len(positions), 4), np.bool_)
    for number, (position, at_s) in enumerate(zip(positions, starts_s, strict=True)):
        changed = borders.see(position, at_s)
        beyond[number] = borders.beyond
        for border, began in enumerate(changed):
            if began is not None:
                beyond[began:number, border] = beyond[number, border]
    return [area(row) for row in beyond]
