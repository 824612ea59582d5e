"""The 468 landmarks of the face in a region, with MediaPipe's face mesh.

Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs" (2019).
"""

import math
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.faces import models
from ml.faces.geometry import Face, Picture, Region, transform
from ml.media.planes import Source

INPUT: Final = 192
MIN_PRESENCE: Final = 0.5
REGION_SCALE: Final = 1.5
"""Margin factor from the box of the landmarks to the region of the next frame (MediaPipe's face landmark graph)."""


class FaceMesh:
    """Landmarks of the face in one region. Stateless."""

    def __init__(self) -> None:
        self._graph = models.load("face_landmark.tflite")

    def landmark(self, picture: Source, region: Region) -> Face:
        """The face in ``region`` of an RGB or grey picture. There may be none: check ``presence``."""
        raw, logit = self._graph.run(to_tensor(region.cut(picture, INPUT)))
        points = raw.reshape(-1, 3)
        landmarks = np.empty_like(points)
        landmarks[:, :2] = transform(points[:, :2], region.to_picture(INPUT))
        landmarks[:, 2] = points[:, 2] * (region.size / INPUT)
        presence = 1 / (1 + math.exp(-max(-80.0, min(80.0, float(logit.item())))))
        return Face(landmarks=landmarks, presence=presence)


def to_tensor(cut: Picture) -> NDArray[np.float32]:
    """Input tensor (1, H, W, 3) in 0..1 of the mesh and iris networks, from an RGB or gray picture."""
    rgb = np.repeat(cut[:, :, np.newaxis], 3, axis=2) if cut.ndim == 2 else cut
    return rgb[np.newaxis].astype(np.float32) / np.float32(255)


def region_of(face: Face) -> Region:
    """Region of the same face in the next frame: level with its eyes, with a margin."""
    cos, sin = math.cos(face.angle), math.sin(face.angle)
    # Rows of coordinates: along them, minimum and maximum take a tenth of the time.
    upright = np.array([[cos, sin], [-sin, cos]], dtype=np.float32) @ face.landmarks[:, :2].T
    low, high = upright.min(axis=1), upright.max(axis=1)
    x, y = (low + high) / 2
    side = float((high - low).max()) * REGION_SCALE
    return Region(float(x * cos - y * sin), float(x * sin + y * cos), side, face.angle)


def landmarks_from_crop(mesh: FaceMesh, crop: Picture, *, upscale: int = 4) -> tuple[Picture, Face]:
    """The face of a training crop that is one face, such as FER2013's 48 x 48 pictures: no detection.

    Returns the enlarged picture and the face in its pixels. The whole picture is the first region (with the mesh's
    usual margin), and the landmarks found there give the second, which also finds the roll.
    """
    height, width = crop.shape[:2]
    picture = np.asarray(
        cv2.resize(crop, (width * upscale, height * upscale), interpolation=cv2.INTER_CUBIC), dtype=np.uint8
    )
    x, y, side = picture.shape[1] / 2, picture.shape[0] / 2, float(max(picture.shape[:2]))
    face = mesh.landmark(picture, Region(x, y, side * 1.25, 0.0))
    if face.presence >= MIN_PRESENCE:
        second = mesh.landmark(picture, region_of(face))
        face = max(face, second, key=lambda f: f.presence)
    return picture, face
