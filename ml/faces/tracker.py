"""Face tracking from frame to frame.

The landmarks of one frame give the region of the next. Detection runs when a face was lost or none is tracked, and at
an interval to find further faces. No description of a face is kept: a track is an interval of presence, not an
identity.
"""

import math
from dataclasses import dataclass
from typing import Final

from ml.faces.detector import FaceDetector
from ml.faces.geometry import Face, Picture, Region
from ml.faces.landmarks import MIN_PRESENCE, FaceMesh, region_of

MAX_FACES: Final = 3
DETECT_EVERY_S: Final = 1.0
"""Interval of detection while faces are tracked."""
SAME_FACE: Final = 0.5
"""Distance between two face centres, relative to the larger face, below which they are the same face."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """A face of this frame. ``track`` stays the same while the face is tracked without a gap."""

    track: int
    face: Face


class FaceTracker:
    """State of one recording or session. Pictures come in the order of time."""

    def __init__(self) -> None:
        self._detector = FaceDetector()
        self._mesh = FaceMesh()
        self._tracked: list[TrackedFace] = []
        self._next_track = 0
        self._detected_at_s = -math.inf

    def lose_all(self) -> None:
        """Ends all tracks: after a cut another person may be in the same place."""
        self._tracked = []

    def update(self, rgb: Picture, at_s: float) -> list[TrackedFace]:
        """The faces of this picture, longest track first, at most ``MAX_FACES``."""
        tracked: list[TrackedFace] = []
        for previous in self._tracked:
            face = self._mesh.landmark(rgb, region_of(previous.face))
            if _is_face(face, rgb) and not _among(face, tracked):
                tracked.append(TrackedFace(previous.track, face))
        lost = len(tracked) < len(self._tracked)
        if not tracked or lost or at_s - self._detected_at_s >= DETECT_EVERY_S:
            self._detected_at_s = at_s
            tracked += self._detect(rgb, tracked)
        self._tracked = tracked
        return tracked

    def _detect(self, rgb: Picture, tracked: list[TrackedFace]) -> list[TrackedFace]:
        found: list[TrackedFace] = []
        for detection in self._detector.detect(rgb):
            if len(tracked) + len(found) >= MAX_FACES:
                break
            face = self._mesh.landmark(rgb, detection.region)
            if _is_face(face, rgb) and not _among(face, tracked + found):
                # Landmarks again from the landmarks' own region, because the detector's box is coarse.
                refined = self._mesh.landmark(rgb, region_of(face))
                found.append(TrackedFace(self._next_track, max(face, refined, key=lambda f: f.presence)))
                self._next_track += 1
        return found


def _is_face(face: Face, rgb: Picture) -> bool:
    """Whether the mesh detects a face and the middle between its eyes is inside the frame."""
    height, width = rgb.shape[:2]
    x, y = (float(v) for v in (face.right_eye + face.left_eye) / 2)
    return face.presence >= MIN_PRESENCE and 0 <= x < width and 0 <= y < height


def _among(face: Face, others: list[TrackedFace]) -> bool:
    here = region_of(face)
    return any(_same(here, region_of(other.face)) for other in others)


def _same(one: Region, other: Region) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) < SAME_FACE * max(one.size, other.size) / 1.5
