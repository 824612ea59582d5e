"""Lid contour and iris of one eye, with MediaPipe's iris network.

Ablavatski et al., "Real-time Pupil Tracking from Monocular Video for Digital Puppetry" (2020). The network is
trained on the eye on the left of the picture (the candidate's right). The other eye is mirrored.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.faces import models
from ml.faces.geometry import (
    LEFT_EYE_INNER,
    LEFT_EYE_OUTER,
    RIGHT_EYE_INNER,
    RIGHT_EYE_OUTER,
    Face,
    Picture,
    Points,
    Region,
    transform,
)
from ml.faces.landmarks import to_tensor
from ml.media.planes import Source

INPUT: Final = 64
REGION_SCALE: Final = 2.3
"""Side of the eye's region in eye widths (MediaPipe's iris graph)."""
# Contour of the eye in the network's output: 0 outer corner, 1-7 lower lid, 8 inner corner, 9-15 upper lid.
_INNER_CORNER: Final = 8
_UPPER_FROM_LOWER: Final = 8
# Test-time augmentation: shifts of the eye in its cut, in pixels. The network's error depends on the position of the
# eye. The mean over four shifts has a fifth less error than one (manage.py benchmark_gaze --chosen-on).
_SHIFTS: Final = ((3, 0), (-3, 0), (0, 3), (0, -3))


@dataclass(frozen=True, slots=True, eq=False)
class EyeCut:
    """An eye cut out for the iris network, RGB or grey 64 x 64, with the region it came from."""

    picture: Picture
    region: Region
    mirrored: bool


@dataclass(frozen=True, slots=True, eq=False)
class Eye:
    """One eye in pixels of the picture: ``iris`` (2,) centre, ``outer`` and ``inner`` (2,) corners,
    ``openness``: distance between the lids over the eye's width (about 0.3 open, under 0.1 closed)."""

    iris: Points
    outer: Points
    inner: Points
    openness: float

    @property
    def middle(self) -> Points:
        return (self.outer + self.inner) / 2

    @property
    def width(self) -> float:
        return math.hypot(*(self.inner - self.outer))


def cut_eyes(picture: Source, face: Face) -> tuple[EyeCut, EyeCut]:
    """The candidate's right and left eye."""
    return (
        _cut(picture, face.point(RIGHT_EYE_OUTER), face.point(RIGHT_EYE_INNER), mirrored=False),
        _cut(picture, face.point(LEFT_EYE_INNER), face.point(LEFT_EYE_OUTER), mirrored=True),
    )


def _cut(picture: Source, start: Points, end: Points, *, mirrored: bool) -> EyeCut:
    """``start`` and ``end``: the eye's corners on the left and right of the picture."""
    dx, dy = (float(v) for v in end - start)
    x, y = (float(v) for v in (start + end) / 2)
    region = Region(x, y, max(1.0, math.hypot(dx, dy) * REGION_SCALE), math.atan2(dy, dx))
    cut = region.cut(picture, INPUT)
    return EyeCut(np.ascontiguousarray(cut[:, ::-1]) if mirrored else cut, region, mirrored)


class IrisNetwork:
    """Locates lids and iris. Stateless."""

    def __init__(self) -> None:
        self._graph = models.load("iris_landmark.tflite")

    def locate(self, cut: EyeCut) -> Eye:
        """The eye in the cut, as the mean over four shifts. A closed eye gets an iris as well: see ``openness``."""
        shifted = [self._points(_shift(cut.picture, x, y)) - (x, y) for x, y in _SHIFTS]
        iris, contour = _in_picture(np.mean(shifted, axis=0, dtype=np.float32), cut)
        outer, inner = contour[0], contour[_INNER_CORNER]
        # The three pairs around the pupil.
        gaps = np.linalg.norm(contour[3:6] - contour[3 + _UPPER_FROM_LOWER : 6 + _UPPER_FROM_LOWER], axis=1)
        width = max(1e-6, math.hypot(*(inner - outer)))
        return Eye(iris=iris, outer=outer, inner=inner, openness=float(gaps.mean()) / width)

    def contour(self, cut: EyeCut) -> tuple[Points, Points]:
        """Centre (2,) of the iris and contour (16, 2) of the opening in pixels of the picture: outer corner, lower lid,
        inner corner, upper lid from the outer side."""
        return _in_picture(self._points(cut.picture), cut)

    def _points(self, picture: Picture) -> Points:
        """(17, 2) pixels of the cut: the iris, then the contour."""
        contour, iris = (output.reshape(-1, 3)[:, :2] for output in self._graph.run(to_tensor(picture)))
        return np.concatenate([iris[:1], contour[: 2 * _UPPER_FROM_LOWER]])


def _shift(picture: Picture, x: int, y: int) -> Picture:
    """The picture shifted to the right and down. Its edge is repeated."""
    height, width = picture.shape[:2]
    rows, columns = (np.clip(np.arange(n) - by, 0, n - 1) for n, by in ((height, y), (width, x)))
    return picture[rows[:, np.newaxis], columns]


def _in_picture(points: Points, cut: EyeCut) -> tuple[Points, Points]:
    points = points.copy()
    if cut.mirrored:
        points[:, 0] = INPUT - points[:, 0]
    points = transform(points, cut.region.to_picture(INPUT))
    return points[0], points[1:]
