"""Aligned crops for the recognisers: the face framed as in FER2013, and the strip of both eyes and brows."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.geometry import LEFT_EYE_OUTER, MOUTH_LEFT, MOUTH_RIGHT, RIGHT_EYE_OUTER, Face, Picture, Points, warp
from ml.media.planes import Source

FACE_SIZE: Final = 48
# Framing of FER2013, medians over 2,000 of its training pictures (mesh found on 95 %), in shares of the side:
# distance between the eyes 0.369, eyes to mouth 0.372, together sqrt(0.369² + 0.372²) = 0.524; half way between
# eyes and mouth at (0.498, 0.575). Both distances are used because turning the head shrinks the one and nodding the
# other, and neither should zoom the crop. FER2013's own roll (7.8 degrees standard deviation) is removed.
FACE_UNIT: Final = 0.524
FACE_ANCHOR: Final = (0.5, 0.575)

STRIP_WIDTH: Final = 96
STRIP_HEIGHT: Final = 40
# Outer eye corners 72 pixels apart, three quarters of the strip as in eye pictures cut by hand, and low enough
# that raised brows stay inside.
STRIP_SPAN: Final = 72.0
STRIP_LINE: Final = 25.0


def face_crop(gray: Source, face: Face) -> Picture:
    """uint8 (48, 48): the face of a grey picture, eyes level, framed as FER2013 frames faces."""
    return warp(gray, crop_matrix(face), width=FACE_SIZE, height=FACE_SIZE)


def face_colors(picture: Source, face: Face) -> Picture:
    """uint8 (48, 48, 3): the same cut in RGB, sampled coarsely: colours have no fine detail."""
    return warp(picture, crop_matrix(face), width=FACE_SIZE, height=FACE_SIZE, finest=2)


def crop_matrix(face: Face) -> NDArray[np.float64]:
    """2x3 map from pixels of the :func:`face_crop` to pixels of the picture."""
    eyes = (face.right_eye + face.left_eye) / 2
    mouth = (face.point(MOUTH_RIGHT) + face.point(MOUTH_LEFT)) / 2
    unit = math.hypot(*(face.left_eye - face.right_eye), *(mouth - eyes))
    scale = unit / (FACE_UNIT * FACE_SIZE)
    anchor = FACE_ANCHOR[0] * FACE_SIZE, FACE_ANCHOR[1] * FACE_SIZE
    return _similarity(scale, face.angle, anchor, (eyes + mouth) / 2)


def eye_strip(gray: Source, face: Face) -> Picture:
    """uint8 (40, 96): both eyes and brows of a grey picture, outer eye corners level and always in the same place."""
    right, left = face.point(RIGHT_EYE_OUTER), face.point(LEFT_EYE_OUTER)
    dx, dy = (float(v) for v in left - right)
    matrix = _similarity(
        math.hypot(dx, dy) / STRIP_SPAN, math.atan2(dy, dx), (STRIP_WIDTH / 2, STRIP_LINE), (right + left) / 2
    )
    return warp(gray, matrix, width=STRIP_WIDTH, height=STRIP_HEIGHT)


def _similarity(
    scale: float, angle: float, cut_point: tuple[float, float], picture_point: Points
) -> NDArray[np.float64]:
    """2x3 map from pixels of the cut to pixels of the picture that brings one point onto the other."""
    cos, sin = math.cos(angle) * scale, math.sin(angle) * scale
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.column_stack([turn, picture_point - turn @ np.array(cut_point)])
