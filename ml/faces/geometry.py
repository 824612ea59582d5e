"""Regions of a picture, and the landmarks of a face in it. Coordinates are pixels of the picture, y downwards.

"Right" and "left" are the candidate's own: their right eye is on the left of an unmirrored picture.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.media.planes import Source, sample

Picture = NDArray[np.uint8]
Points = NDArray[np.floating[Any]]

# Vertices of MediaPipe's 468-point face mesh.
RIGHT_EYE_OUTER: Final = 33
RIGHT_EYE_INNER: Final = 133
LEFT_EYE_INNER: Final = 362
LEFT_EYE_OUTER: Final = 263
NOSE_TIP: Final = 1
MOUTH_RIGHT: Final = 61
MOUTH_LEFT: Final = 291
CHIN: Final = 152
FOREHEAD: Final = 10


@dataclass(frozen=True, slots=True)
class Region:
    """A square of side ``size`` around (x, y), turned by ``angle`` radians (clockwise as seen, y downwards)."""

    x: float
    y: float
    size: float
    angle: float

    def resized(self, horizontal: float, vertical: float) -> "Region":
        """The same region in a picture whose width and height have changed by these factors."""
        size = self.size * math.sqrt(horizontal * vertical)
        return Region(self.x * horizontal, self.y * vertical, size, self.angle)

    def to_picture(self, size: int) -> NDArray[np.float64]:
        """2x3 matrix from pixels of the cut (``size`` x ``size``) to pixels of the picture."""
        scale = self.size / size
        cos, sin = math.cos(self.angle) * scale, math.sin(self.angle) * scale
        half = size / 2
        return np.array([[cos, -sin, self.x - cos * half + sin * half], [sin, cos, self.y - sin * half - cos * half]])

    def cut(self, picture: Source, size: int) -> Picture:
        """The region as an upright ``size`` x ``size`` picture. The frame's edge is repeated outside."""
        return warp(picture, self.to_picture(size), width=size, height=size)


def warp(picture: Source, to_picture: NDArray[np.float64], *, width: int, height: int, finest: int = 8) -> Picture:
    """Cut by the inverse map ``to_picture`` (2x3, cut pixels to picture pixels), averaging where it shrinks.

    Bilinear sampling sees four neighbours only: shrinking by more than two would alias, so a finer grid is sampled
    first and averaged, ``finest`` times as fine at most.
    """
    scale = math.hypot(to_picture[0, 0], to_picture[1, 0])
    if not isinstance(picture, np.ndarray):
        scale *= picture.density
    factor = min(finest, max(1, math.floor(scale)))
    # Pixel centres: cut pixel i covers fine pixels i*factor .. i*factor+factor-1.
    fine = to_picture.copy()
    fine[:, :2] /= factor
    offset = (1 / factor - 1) / 2
    fine[:, 2] += to_picture[:, :2] @ np.array([offset, offset])
    sampled = sample(picture, fine, (width * factor, height * factor))
    if factor > 1:
        return np.asarray(cv2.resize(sampled, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return sampled


def transform(points: Points, matrix: NDArray[np.float64]) -> Points:
    """(n, 2) points through a 2x3 matrix."""
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one picture.

    ``landmarks`` (468, 3) float32: x and y in pixels, z in the same scale, smaller is nearer to the camera.
    ``presence`` 0..1: the mesh network's probability that its input shows a face.
    """

    landmarks: Points
    presence: float

    def point(self, index: int) -> Points:
        """(2,) position of one mesh vertex."""
        return self.landmarks[index, :2]

    @property
    def right_eye(self) -> Points:
        """(2,) middle of the candidate's right eye's corners."""
        return (self.point(RIGHT_EYE_OUTER) + self.point(RIGHT_EYE_INNER)) / 2

    @property
    def left_eye(self) -> Points:
        return (self.point(LEFT_EYE_OUTER) + self.point(LEFT_EYE_INNER)) / 2

    @property
    def angle(self) -> float:
        """Roll in radians: the turn of the line through both eyes."""
        dx, dy = self.left_eye - self.right_eye
        return math.atan2(float(dy), float(dx))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Upright bounding box x0, y0, x1, y1."""
        across, down = np.ascontiguousarray(self.landmarks[:, :2].T)
        x0, x1, y0, y1 = across.min(), across.max(), down.min(), down.max()
        return float(x0), float(y0), float(x1), float(y1)
