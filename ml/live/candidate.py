"""The candidate of a live session: the largest live face of the camera."""

import math
from collections.abc import Sequence
from typing import Final

from ml.faces.face_pass import SeenFace
from ml.faces.people import overlap
from ml.faces.sighting import Box

LARGER: Final = 1.5
"""Ratio of the areas from which another face is larger, and not as large."""
AFTER_S: Final = 1.0
"""Time for which another face must be larger, or the candidate's out of view, before it is read."""
SAME_PLACE: Final = 0.3
"""Overlap with the candidate's last place from which a new track there is the candidate's."""


class LiveCandidate:
    """Whose face is read in each frame. Frames come in the order of time."""

    def __init__(self) -> None:
        self._track = -1
        self._box: Box | None = None
        self._seen_s = self._larger_since_s = math.inf

    def among(self, seen: Sequence[SeenFace], at_s: float) -> SeenFace | None:
        """The candidate's face among those of a frame. ``None`` without one, and while it is out of view for a moment
        and somebody else is in it."""
        live = [face for face in seen if face.is_readable]
        largest = max(live, key=lambda face: face.area, default=None)
        current = next((face for face in live if face.track == self._track), None)
        if largest is None or current is None:
            self._larger_since_s = math.inf
            if largest is None or not self._may_be(largest, at_s):
                return None
            return self._take(largest, at_s)
        if largest.area <= LARGER * current.area:
            self._larger_since_s = math.inf
        elif self._larger_since_s == math.inf:
            self._larger_since_s = at_s
        elif at_s - self._larger_since_s >= AFTER_S:
            current = largest
        return self._take(current, at_s)

    def _may_be(self, face: SeenFace, at_s: float) -> bool:
        return self._box is None or at_s - self._seen_s >= AFTER_S or overlap(self._box, face.box) >= SAME_PLACE

    def _take(self, face: SeenFace, at_s: float) -> SeenFace:
        if face.track != self._track:
            self._larger_since_s = math.inf
        self._track, self._box, self._seen_s = face.track, face.box, at_s
        return face
