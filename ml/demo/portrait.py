"""An animated portrait: the face of :mod:`ml.demo.astronaut` with a given pose, lid closure, gaze and mouth opening.

Positions are in pixels of the 512 x 512 photograph. Left and right are the candidate's own, unless a name says
``image``.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import cv2
import numpy as np

from ml.arrays import Float32, UInt8
from ml.demo.astronaut import astronaut

_FACE_CENTRE: Final = (225.0, 112.0)
_FACE_HEIGHT: Final = 100.0  # hairline to chin
_ZOOM: Final = 4  # the head is enlarged once, so that lids and irises can move by fractions of a pixel
_LID_FOLD: Final = 5.0  # skin above the lashes that stretches down when the eye closes
_IRIS_RADIUS: Final = 4.0
_GAZE_TRAVEL: Final = 4.5  # how far the iris moves at gaze 1
_MOUTH_CENTRE: Final = (223.5, 149.6)  # under the upper teeth
_MOUTH_HALF_WIDTH: Final = 19.0
_MOUTH_CORNER_Y: Final = 140.4
_JAW_TRAVEL: Final = 4.0
_TEETH_HEIGHT: Final = 5.9  # between the lips in the photograph, which smiles
_CHIN_Y, _NECK_Y = 172.0, 188.0  # below the chin the neck gives way
_MOUTH_INSIDE: Final = (70, 26, 26)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where and how the face is in one frame.

    ``x`` and ``y`` move the face from the middle, in frame heights; ``scale`` 1 makes the face 45 % of the frame
    high; ``angle_deg`` tilts the head; ``closed`` is the lid, 0 open to 1 shut; ``gaze`` is the look, -1 to the
    candidate's right, 0 into the camera, 1 to the candidate's left; ``mouth`` is -1 shut, 0 as photographed with the
    teeth in view, 1 wide open.
    """

    x: float = 0.0
    y: float = 0.0
    scale: float = 1.0
    angle_deg: float = 0.0
    closed: float = 0.0
    gaze: float = 0.0
    mouth: float = 0.0


@dataclass(frozen=True, slots=True)
class _Eye:
    """One eye of the picture: its corners, the lids above and below their middle, the iris."""

    image_left: tuple[float, float]
    image_right: tuple[float, float]
    upper_y: float
    lower_y: float
    iris_x: float

    def lid(self, xs: Float32, middle_y: float) -> Float32:
        """The lid's height at each ``xs``: a parabola through both corners."""
        (left_x, left_y), (right_x, right_y) = self.image_left, self.image_right
        t = np.clip((xs - left_x) / (right_x - left_x), 0, 1)
        line = left_y + (right_y - left_y) * t
        bulge = 4 * (middle_y - (left_y + right_y) / 2)
        lid: Float32 = (line + bulge * t * (1 - t)).astype(np.float32)
        return lid

    def iris_moved(self, xs: Float32, travel: float) -> Float32:
        """Which column of the picture to show at each ``xs``: the white of the eye gives way on one side."""
        iris = np.array([self.iris_x - _IRIS_RADIUS, self.iris_x + _IRIS_RADIUS])
        left, right = self.image_left[0] - 1, self.image_right[0] + 1
        shown = np.clip(iris + travel, left + 0.5, right - 0.5)
        moved: Float32 = np.interp(xs, [left, *shown, right], [left, *iris, right]).astype(np.float32)
        return np.where((xs < left) | (xs > right), xs, moved)


_EYES: Final = (
    _Eye(image_left=(192.0, 102.0), image_right=(213.0, 103.2), upper_y=98.0, lower_y=105.0, iris_x=203.7),
    _Eye(image_left=(236.0, 105.2), image_right=(259.0, 104.0), upper_y=100.2, lower_y=107.2, iris_x=247.0),
)


@cache
def _picture() -> UInt8:
    """The portrait in RGB, 512 * _ZOOM pixels square."""
    return np.asarray(cv2.resize(astronaut(), None, fx=_ZOOM, fy=_ZOOM, interpolation=cv2.INTER_CUBIC), np.uint8)


def frame(pose: Pose, *, width: int, height: int) -> UInt8:
    """The portrait in this pose: RGB, uint8, shape (height, width, 3)."""
    picture = _picture()
    if pose.closed > 0 or pose.gaze != 0 or pose.mouth != 0:
        picture = picture.copy()
        for eye in _EYES:
            _move_eye(picture, eye, closed=pose.closed, gaze=pose.gaze)
        _open_mouth(picture, pose.mouth)
    zoom = 0.45 * height * pose.scale / (_FACE_HEIGHT * _ZOOM)
    centre = (_FACE_CENTRE[0] * _ZOOM, _FACE_CENTRE[1] * _ZOOM)
    transform = cv2.getRotationMatrix2D(centre, pose.angle_deg, zoom)
    transform[0, 2] += width / 2 + pose.x * height - centre[0]
    transform[1, 2] += height / 2 + pose.y * height - centre[1]
    return np.asarray(
        cv2.warpAffine(picture, transform, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101),
        np.uint8,
    )


def _move_eye(picture: UInt8, eye: _Eye, *, closed: float, gaze: float) -> None:
    """Close the lid and turn the iris of one eye, in place, by fetching each pixel from where it was before."""
    area = _Area(
        int(eye.image_left[0]) - 3, int(eye.upper_y - _LID_FOLD) - 2, int(eye.image_right[0]) + 4, int(eye.lower_y) + 5
    )
    xs, ys = area.grid()
    upper, lower = eye.lid(xs, eye.upper_y), eye.lid(xs, eye.lower_y)
    edge = upper + closed * (lower - upper)
    fold = upper - _LID_FOLD
    stretched = fold + (ys - fold) * _LID_FOLD / (edge - fold)
    from_ys = np.where((ys >= fold) & (ys < edge), stretched, ys).astype(np.float32)

    outside = np.maximum(np.maximum(upper - from_ys, from_ys - lower), 0)
    within = np.clip(1 - outside / 2, 0, 1)
    from_xs = (xs + within * (eye.iris_moved(xs, gaze * _GAZE_TRAVEL) - xs)).astype(np.float32)

    area.fetch(picture, from_xs, from_ys)


def _open_mouth(picture: UInt8, opening: float) -> None:
    """Move the jaw, in place: what lies under the upper teeth moves down and shows the dark inside, or moves up and
    covers the teeth."""
    centre_x, teeth_y = _MOUTH_CENTRE
    area = _Area(int(centre_x) - 26, int(_MOUTH_CORNER_Y) - 2, int(centre_x) + 27, int(_NECK_Y) + 2)
    xs, ys = area.grid()
    across = np.clip(1 - ((xs - centre_x) / _MOUTH_HALF_WIDTH) ** 2, 0, 1)
    lip = _MOUTH_CORNER_Y + (teeth_y - _MOUTH_CORNER_Y) * across
    drop = opening * (_JAW_TRAVEL if opening > 0 else _TEETH_HEIGHT) * across
    moved = drop * np.clip((_NECK_Y - ys) / (_NECK_Y - _CHIN_Y), 0, 1)
    area.fetch(picture, xs, np.where(ys > lip + drop, ys - moved, ys).astype(np.float32))
    inside = (ys > lip) & (ys <= lip + drop)
    area.of(picture)[inside] = _MOUTH_INSIDE


@dataclass(frozen=True, slots=True)
class _Area:
    """A rectangle of the portrait in its own pixels, worked on at the enlarged size."""

    left: int
    top: int
    right: int
    bottom: int

    def grid(self) -> tuple[Float32, Float32]:
        """The position (x, y) of every enlarged pixel."""
        xs, ys = np.meshgrid(
            np.arange(self.left, self.right, 1 / _ZOOM, dtype=np.float32),
            np.arange(self.top, self.bottom, 1 / _ZOOM, dtype=np.float32),
        )
        return xs, ys

    def of(self, picture: UInt8) -> UInt8:
        return picture[self.top * _ZOOM : self.bottom * _ZOOM, self.left * _ZOOM : self.right * _ZOOM]

    def fetch(self, picture: UInt8, from_xs: Float32, from_ys: Float32) -> None:
        """Replace every pixel by the one that was at this position."""
        before = self.of(picture).copy()
        self.of(picture)[...] = cv2.remap(
            before,
            (from_xs - self.left) * _ZOOM,
            (from_ys - self.top) * _ZOOM,
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )
