"""Lid contour and iris of one eye, with MediaPipe's iris network.

Ablavatski et al., "Real-time Pupil Tracking from Monocular Video for Digital Puppetry" (2020). The network is
trained on the eye on the left of the picture (the candidate's right). The other eye is mirrored.

Its error depends on the position of the eye in the cut. So the eye is looked at five times, in its place and shifted by
four pixels in each direction (test-time augmentation). The looks share the network's trunk
(:mod:`ml.training.eye_gaze.iris_looks`) and cost twice as much as one.
"""

import math
from dataclasses import dataclass
from typing import Final

import cv2
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
"""Side of what one look sees, in pixels of the cut."""
REGION_SCALE: Final = 2.3
"""Side of a look's region in eye widths (MediaPipe's iris graph)."""
CELL_PX: Final = 4
"""Side of a cell of the map that the trunk ends with, in pixels of the cut."""
SIDE_CELLS: Final = INPUT // CELL_PX
MARGIN_CELLS: Final = 1
CUT: Final = INPUT + 2 * MARGIN_CELLS * CELL_PX
"""Side of the cut: the look in the middle with a margin for the shifts of the others."""
SMOOTHING_PX: Final = 0.7
"""Standard deviation, in pixels of the cut, of the Gaussian low-pass filter before lids and iris are located.

Detail of that size is mostly noise of the sensor and of compression. Between two encodings of one recording (H.264, CRF
10 against 23 to 28, 110 pixels between the eyes against 36 to 72; nine pairs of three recordings) the vertical
direction differs by 0.83 of its own standard deviation without the filter, by 0.72 with it and by 0.66 with one of 1
pixel. That one takes detail that the network needs: on rendered people 2.7 % fewer frames get their area.
"""
LOOKS: Final = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))
"""Place of each look, in cells to the right and down from the middle."""
# Contour of the eye in the network's output: 0 outer corner, 1-7 lower lid, 8 inner corner, 9-15 upper lid.
_INNER_CORNER: Final = 8
_UPPER_FROM_LOWER: Final = 8
_OFFSETS: Final = np.array([(CELL_PX * (MARGIN_CELLS + x), CELL_PX * (MARGIN_CELLS + y)) for x, y in LOOKS], np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class EyeCut:
    """An eye cut out for the iris network, RGB or grey 72 x 72, with the region it came from."""

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
    size = max(1.0, math.hypot(dx, dy) * REGION_SCALE) * CUT / INPUT
    region = Region(x, y, size, math.atan2(dy, dx))
    cut = region.cut(picture, CUT)
    return EyeCut(np.ascontiguousarray(cut[:, ::-1]) if mirrored else cut, region, mirrored)


class IrisNetwork:
    """Locates lids and iris. Stateless."""

    def __init__(self) -> None:
        self._graph = models.load("iris_looks.tflite")

    def locate(self, cut: EyeCut) -> Eye:
        """The eye in the cut, as the mean over all looks. A closed eye gets an iris as well: see ``openness``."""
        smooth = np.asarray(cv2.GaussianBlur(cut.picture, (0, 0), SMOOTHING_PX), np.uint8)
        iris, contour = _in_picture(self._points(smooth).mean(axis=0), cut)
        outer, inner = contour[0], contour[_INNER_CORNER]
        # The three pairs around the pupil.
        gaps = np.linalg.norm(contour[3:6] - contour[3 + _UPPER_FROM_LOWER : 6 + _UPPER_FROM_LOWER], axis=1)
        width = max(1e-6, math.hypot(*(inner - outer)))
        return Eye(iris=iris, outer=outer, inner=inner, openness=float(gaps.mean()) / width)

    def contour(self, cut: EyeCut) -> tuple[Points, Points]:
        """Of the look in the middle alone, in pixels of the picture: the iris' centre (2,), and the opening's contour
        (16, 2): outer corner, lower lid, inner corner, upper lid from the outer side."""
        return _in_picture(self._points(cut.picture)[0], cut)

    def _points(self, picture: Picture) -> Points:
        """(5, 17, 2) pixels of the cut: the iris, then the contour, of each look."""
        contours, irises = self._graph.run(to_tensor(picture))
        points = np.concatenate(
            [irises.reshape(len(LOOKS), -1, 3)[:, :1], contours.reshape(len(LOOKS), -1, 3)[:, : 2 * _UPPER_FROM_LOWER]],
            axis=1,
        )
        return np.asarray(points[:, :, :2] + _OFFSETS[:, np.newaxis])


def _in_picture(points: Points, cut: EyeCut) -> tuple[Points, Points]:
    points = points.copy()
    if cut.mirrored:
        points[:, 0] = CUT - points[:, 0]
    points = transform(points, cut.region.to_picture(CUT))
    return points[0], points[1:]
