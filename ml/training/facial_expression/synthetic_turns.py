"""Face crops as if the head had been turned: synthetic views for training.

The head is an ellipsoid under orthographic projection, as wide and deep as the average face of
:mod:`ml.faces.head_pose`. The turned crop is framed by its eyes and mouth as serving frames it.
"""

import math
from functools import cache
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.faces.alignment import FACE_ANCHOR, FACE_UNIT
from ml.facial_expression.preprocessing import SIZE

Pixels = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]

LARGEST_YAW: Final = 36
LARGEST_PITCH: Final = 18
_YAW_STEP: Final = 4
_PITCH_STEP: Final = 6

# In distances between the eyes, from the middle between them; x to the right of the picture, y down, z away.
_EYES: Final = np.array([[-0.5, 0.0], [0.5, 0.0]])
_MOUTH: Final = np.array([[0.0, 1.01]])
_MIDDLE: Final = np.array([0.0, 0.3, 0.75])
_RADII: Final = np.array([1.12, 1.6, 1.25])
_EYES_TO_MOUTH: Final = float(np.hypot(1.0, 1.01))


def turned(image: Pixels, random: np.random.Generator) -> Pixels:
    """A crop uint8 (48, 48) with the head turned by random angles, up to 36 degrees aside and 18 up or down."""
    yaw = int(random.integers(-LARGEST_YAW // _YAW_STEP, LARGEST_YAW // _YAW_STEP + 1)) * _YAW_STEP
    pitch = int(random.integers(-LARGEST_PITCH // _PITCH_STEP, LARGEST_PITCH // _PITCH_STEP + 1)) * _PITCH_STEP
    x, y = field(yaw, pitch)
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), dtype=np.uint8)


@cache
def field(yaw_deg: int, pitch_deg: int) -> tuple[Map, Map]:
    """Which column and row of the crop each pixel of the turned crop shows: two float32 (48, 48)."""
    rotation = _rotation(yaw_deg, pitch_deg)
    unit = FACE_UNIT * SIZE / _EYES_TO_MOUTH  # pixels a distance between the eyes
    anchor = np.array(FACE_ANCHOR) * SIZE
    frontal = np.array([0.0, 1.01 / 2])  # half way between eyes and mouth
    eyes, mouth = (_project(points, rotation) for points in (_EYES, _MOUTH))
    middle = (eyes.mean(axis=0) + mouth[0]) / 2
    scale = math.hypot(*(eyes[1] - eyes[0]), *(mouth[0] - eyes.mean(axis=0))) / (FACE_UNIT * SIZE)
    across = (eyes[1] - eyes[0]) / math.hypot(*(eyes[1] - eyes[0]))
    level = np.array([across, [-across[1], across[0]]])
    rows, columns = np.mgrid[:SIZE, :SIZE]
    places = (np.stack([columns, rows], axis=-1).reshape(-1, 2) - anchor) * scale @ level + middle
    sources = (_unproject(places, rotation) - frontal) * unit + anchor
    x, y = sources.T.reshape(2, SIZE, SIZE).astype(np.float32)
    return x, y


def _rotation(yaw_deg: float, pitch_deg: float) -> npt.NDArray[np.float64]:
    yaw, pitch = math.radians(yaw_deg), math.radians(pitch_deg)
    about_y = [[math.cos(yaw), 0, -math.sin(yaw)], [0, 1, 0], [math.sin(yaw), 0, math.cos(yaw)]]
    about_x = [[1, 0, 0], [0, math.cos(pitch), math.sin(pitch)], [0, -math.sin(pitch), math.cos(pitch)]]
    return np.asarray(np.array(about_y) @ np.array(about_x))


def _project(points: npt.NDArray[np.float64], rotation: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Where points (n, 2) of the frontal head lie after the rotation."""
    offset = (points - _MIDDLE[:2]) / _RADII[:2]
    depth = -np.sqrt(np.maximum(0.0, 1 - (offset**2).sum(axis=1))) * _RADII[2]
    inside = np.column_stack([points - _MIDDLE[:2], depth])
    return np.asarray((inside @ rotation.T + _MIDDLE)[:, :2])


def _unproject(places: npt.NDArray[np.float64], rotation: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The points (n, 2) of the frontal head that are seen at places (n, 2) of the turned one: the nearer intersection
    of the line of sight with the ellipsoid. Beside the head, the point of the line that is nearest to it."""
    start = np.column_stack([places - _MIDDLE[:2], np.zeros(len(places))]) @ rotation / _RADII
    along = np.array([0.0, 0.0, 1.0]) @ rotation / _RADII
    half, length = start @ along, along @ along
    root = np.sqrt(np.maximum(0.0, half**2 - length * ((start**2).sum(axis=1) - 1)))
    nearest = start + ((-half - root) / length)[:, np.newaxis] * along
    return np.asarray((nearest * _RADII + _MIDDLE)[:, :2])
