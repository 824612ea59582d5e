"""Following faces from frame to frame.

Where a face was tells where it is: the landmarks of one frame give the region of the next, and detection runs only
when nobody is followed, or once in a while to see who else came in. No description of any face is kept, so a track
is a stretch of presence, not an identity.
"""

import math
from dataclasses import dataclass
from typing import Final

from ml.faces.detector import FaceDetector
from ml.faces.geometry import Face, Picture, Region
from ml.faces.landmarks import MIN_PRESENCE, FaceMesh, region_of

MAX_FACES: Final = 3
LOOK_AROUND_S: Final = 1.0
"""With somebody in view, detection looks for other faces this often."""
SAME_FACE: Final = 0.5
"""Two faces whose centres are nearer than this share of the larger one's size are the same face."""


@dataclass(frozen=True, slots=True, eq=False)
class TrackedFace:
    """A face of this frame; ``track`` is the same number as long as it is followed without a break."""

    track: int
    face: Face


class FaceTracker:
    """State of one recording; pictures must come in the order of time."""

    def __init__(self) -> None:
        self._detector = FaceDetector()
        self._mesh = FaceMesh()
        self._followed: list[TrackedFace] = []
        self._next_track = 0
        self._looked_at_s = -math.inf

    def lose_all(self) -> None:
        """Forget where everybody was: after a cut, who is there may be somebody else."""
        self._followed = []

    def update(self, rgb: Picture, at_s: float) -> list[TrackedFace]:
        """The faces of this picture, longest followed first, at most ``MAX_FACES``."""
        followed: list[TrackedFace] = []
        for known in self._followed:
            face = self._mesh.landmark(rgb, region_of(known.face))
            if _is_face(face, rgb) and not _among(face, followed):
                followed.append(TrackedFace(known.track, face))
        lost = len(followed) < len(self._followed)
        if not followed or lost or at_s - self._looked_at_s >= LOOK_AROUND_S:
            self._looked_at_s = at_s
            followed += self._look_around(rgb, followed)
        self._followed = followed
        return followed

    def _look_around(self, rgb: Picture, followed: list[TrackedFace]) -> list[TrackedFace]:
        found: list[TrackedFace] = []
        for detection in self._detector.detect(rgb):
            if len(followed) + len(found) >= MAX_FACES:
                break
            face = self._mesh.landmark(rgb, detection.region)
            if _is_face(face, rgb) and not _among(face, followed + found):
                # A second look from the landmarks' own region: the detector's box is coarse.
                refined = self._mesh.landmark(rgb, region_of(face))
                found.append(TrackedFace(self._next_track, max(face, refined, key=lambda f: f.presence)))
                self._next_track += 1
        return found


def _is_face(face: Face, rgb: Picture) -> bool:
    """The mesh believes it, and at least the middle of the face is inside the frame."""
    height, width = rgb.shape[:2]
    x, y = (float(v) for v in (face.right_eye + face.left_eye) / 2)
    return face.presence >= MIN_PRESENCE and 0 <= x < width and 0 <= y < height


def _among(face: Face, others: list[TrackedFace]) -> bool:
    here = region_of(face)
    return any(_same(here, region_of(other.face)) for other in others)


def _same(one: Region, other: Region) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) < SAME_FACE * max(one.size, other.size) / 1.5
