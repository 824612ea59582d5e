"""Portraits to render: the public-domain portrait of the demonstration, and frames of recordings."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ml.arrays import Float64
from ml.demo import astronaut as photograph
from ml.faces.detector import FaceDetector
from ml.faces.geometry import Face, Picture, transform, warp
from ml.faces.head_pose import head_pose
from ml.faces.iris import IrisNetwork, cut_eyes
from ml.faces.landmarks import FaceMesh
from ml.media.probe import probe
from ml.media.video import frames

SIDE: Final = 640
EYE_DISTANCE: Final = 128.0
"""Pixels between the eyes of every portrait."""
PX_PER_MM: Final = EYE_DISTANCE / 63.0
MIN_EYE_DISTANCE: Final = 36.0
SAME: Final = 8.0
"""Mean difference of the pixels of two portraits, 0..255, below which they are the same. Other people differ by 40 or
more."""
MAX_TURN_DEG: Final = 12.0
# Vertices of the mesh in the order of the iris network's contour: outer corner, lower lid, inner corner, upper lid.
_RIGHT_EYE: Final = (33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173)
_LEFT_EYE: Final = (263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398)
EYES: Final = (_RIGHT_EYE, _LEFT_EYE)


@dataclass(frozen=True, eq=False)
class Portrait:
    """``picture`` (640, 640, 3) with level eyes, 128 pixels apart around (320, 280); ``points`` (468, 3) the mesh in
    its pixels; ``contours`` right and left (16, 2), the eye openings; ``yaw_deg`` and ``pitch_deg`` as it was taken."""

    name: str
    picture: Picture
    points: Float64
    contours: tuple[Float64, Float64]
    yaw_deg: float
    pitch_deg: float

    def mirrored(self) -> "Portrait":
        """The mirror image, which is another face to a network."""
        flip = np.array([-1.0, 1.0, 1.0])
        points = self.points * flip + [SIDE - 1, 0, 0]
        right, left = (c * flip[:2] + [SIDE - 1, 0] for c in self.contours)
        return replace(
            self,
            name=f"{self.name}, mirrored",
            picture=np.ascontiguousarray(self.picture[:, ::-1]),
            points=points,
            contours=(left, right),
            yaw_deg=-self.yaw_deg,
        )

    def shows_the_same_as(self, other: "Portrait") -> bool:
        """Whether both show the same moment, as with two copies of a recording."""
        difference = np.abs(self.picture.astype(np.float32) - other.picture.astype(np.float32)).mean()
        return float(difference) < SAME


def portrait_of(name: str, picture: Picture, face: Face | None = None) -> Portrait | None:
    """The portrait in an RGB picture, ``None`` without a face that is large and frontal enough."""
    face = face or _face_of(picture)
    if face is None:
        return None
    pose = head_pose(face)
    if pose.eye_distance < MIN_EYE_DISTANCE or max(abs(pose.yaw_deg), abs(pose.pitch_deg)) > MAX_TURN_DEG:
        return None
    scale = pose.eye_distance / EYE_DISTANCE
    cos, sin = np.cos(face.angle) * scale, np.sin(face.angle) * scale
    turn = np.array([[cos, -sin], [sin, cos]])
    eyes = np.asarray((face.right_eye + face.left_eye) / 2, np.float64)
    there = np.column_stack([turn, eyes - turn @ np.array([SIDE / 2, 280.0])])
    back = np.asarray(cv2.invertAffineTransform(there), np.float64)
    points = np.column_stack([transform(face.landmarks[:, :2], back), face.landmarks[:, 2] / scale]).astype(np.float64)
    network = IrisNetwork()
    contours = []
    for cut in cut_eyes(picture, face):
        _, contour = network.contour(cut)
        contours.append(np.asarray(transform(contour, back), np.float64))
    return Portrait(
        name,
        warp(picture, there, width=SIDE, height=SIDE),
        points,
        (contours[0], contours[1]),
        pose.yaw_deg,
        pose.pitch_deg,
    )


def astronaut() -> Portrait:
    """The NASA portrait of the demonstration."""
    found = portrait_of("astronaut", photograph.astronaut())
    assert found is not None
    return found


def from_recording(path: Path) -> Portrait | None:
    """The most frontal of some frames of a recording, ``None`` if no frame has a face that can be used."""
    info = probe(path)
    best: tuple[float, Portrait] | None = None
    for frame in frames(path, info, fps=1.0):
        found = portrait_of(path.stem, frame.rgb)
        if found is not None and _is_open(found):
            turn = abs(found.yaw_deg) + abs(found.pitch_deg)
            if best is None or turn < best[0]:
                best = turn, found
    return best[1] if best else None


def _face_of(picture: Picture) -> Face | None:
    detections = FaceDetector().detect(picture)
    if not detections:
        return None
    return FaceMesh().landmark(picture, detections[0].region)


def _is_open(portrait: Portrait) -> bool:
    """Whether the eyes are open enough to be painted."""
    return all(np.ptp(c[:, 1]) > 0.2 * np.ptp(c[:, 0]) for c in portrait.contours)
