"""Presence of one face track in a recording: when and where it was in view, and how its mouth moved."""

from array import array
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from ml.arrays import Float64, UInt8
from ml.faces.mouth import MouthMovement
from ml.spans import Span, subtract, union

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
COLUMNS: Final = 7
JOIN_S: Final = 0.02


@dataclass(slots=True, eq=False)
class Portrait:
    """A picture of a track: RGB ``picture``, its second, and the face's box as shares of the frame."""

    picture: UInt8
    at_s: float
    box: Box
    quality: float


@dataclass(slots=True, eq=False)
class Sighting:
    """One track. ``first_scene`` and ``last_scene``: its scenes. ``portrait``: the best picture that is known not to be
    of a still picture; ``offered``: a better one, of which that is not known yet. Boxes are shares of the picture, so
    that they mean the same after a change of its size."""

    track: int
    first_scene: int = 0
    last_scene: int = 0
    portrait: Portrait | None = None
    offered: Portrait | None = None
    small: list[Span] = field(default_factory=list)
    """Spans in which the face was too small to be read."""
    still: list[Span] = field(default_factory=list)
    """Spans of 2 s or more in which its picture stood still."""
    _rows: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, start_s: float, end_s: float, box: Box, mouth: float, *, still_since_s: float | None = None) -> None:
        """The next frame with this face. ``mouth``: :func:`ml.faces.mouth.mouth_openness`."""
        self._rows.extend((start_s, end_s, *box, mouth))
        if still_since_s is None:
            return
        if self.still and self.still[-1][1] > still_since_s:
            still_since_s = self.still.pop()[0]
        self.still.append((still_since_s, end_s))

    def add_small(self, start_s: float, end_s: float) -> None:
        """In this frame the face was too small to be read."""
        if self.small and start_s - self.small[-1][1] <= JOIN_S:
            self.small[-1] = self.small[-1][0], end_s
        else:
            self.small.append((start_s, end_s))

    @property
    def rows(self) -> Float64:
        """(n, 7): start_s, end_s, left, top, right, bottom, mouth of each frame."""
        return np.frombuffer(self._rows, np.float64).reshape(-1, COLUMNS)

    @property
    def start_s(self) -> float:
        return self._rows[0]

    @property
    def end_s(self) -> float:
        return self._rows[-COLUMNS + 1]

    @property
    def first(self) -> Box:
        left, top, right, bottom = self._rows[2:6]
        return left, top, right, bottom

    @property
    def last(self) -> Box:
        left, top, right, bottom = self._rows[-COLUMNS + 2 : -1]
        return left, top, right, bottom

    def in_view(self) -> list[Span]:
        """The time in which the face was in view, ascending."""
        return union(((row[0], row[1]) for row in self.rows.tolist()), join_s=JOIN_S)

    def live(self) -> list[Span]:
        """The time in view without that of a still picture."""
        return subtract(self.in_view(), self.still)

    def mouth(self) -> MouthMovement:
        rows = self.rows
        return MouthMovement(rows[:, 0].copy(), rows[:, 6].copy())
