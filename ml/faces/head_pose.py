"""Head pose from the rigid part of the face mesh."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.faces.geometry import Face
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION

# Mesh vertices that expressions hardly move (forehead, nose bridge, eye corners, temples, ears, cheekbones) with
# their place on the average face: the mean, made symmetric, of this mesh on 1,500 neutral training faces of
# FER2013, in distances between the eyes (x to the candidate's left, y down, z away from the camera). The median
# head of those pictures is pitch 0.
_RIGID: Final = {
    10: (0.000, -0.805, -0.440),
    151: (0.000, -0.567, -0.477),
    9: (0.000, -0.341, -0.491),
    8: (0.000, -0.208, -0.460),
    168: (0.000, -0.080, -0.447),
    6: (0.000, 0.058, -0.504),
    197: (0.000, 0.175, -0.574),
    33: (-0.720, -0.036, -0.110),
    133: (-0.280, -0.003, -0.197),
    127: (-1.070, -0.051, 0.651),
    234: (-1.051, 0.150, 0.740),
    93: (-1.032, 0.359, 0.769),
    50: (-0.744, 0.464, -0.156),
    362: (0.280, -0.003, -0.197),
    263: (0.720, -0.036, -0.110),
    356: (1.070, -0.051, 0.651),
    454: (1.051, 0.150, 0.740),
    323: (1.032, 0.359, 0.769),
    280: (0.744, 0.464, -0.156),
}
_INDICES: Final = np.array(list(_RIGID))
_TEMPLATE: Final = np.array(list(_RIGID.values()))
_CENTRED: Final = _TEMPLATE - _TEMPLATE.mean(axis=0)


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """Largest angles in degrees, as :func:`head_pose` measures them, at which a network is used."""

    yaw_deg: float
    pitch_deg: float


READABLE: Final = {FACIAL_EXPRESSION: TurnLimits(24.0, 17.0), EYE_EMOTION: TurnLimits(24.0, 15.0)}
"""Angles up to which the shipped networks keep nine tenths of their frontal accuracy, on test faces turned by known
angles and found again (``manage.py benchmark_head_pose``, 250 faces of FER2013's PublicTest, compact-v2 of both).

Turned aside by 25 degrees, which are measured as 21, faces keep 92 % and eyes 95 %; by 35, measured as 26, 91 % and
88 %. Up by 20, measured as 12, faces keep 95 % and eyes 93 %; by 30, measured as 18, 86 % and 90 %. Down by 20,
measured as 13, both keep 89 %, and two fifths of the faces are not found. Beyond these limits nothing is classified.
Roll is corrected."""


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees. ``yaw_deg`` positive: turned to the candidate's left; ``pitch_deg`` positive: up; ``roll_deg``
    positive: tilted clockwise as seen. ``eye_distance`` is what the distance between the eyes would measure, in
    pixels, if the head faced the camera."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    eye_distance: float

    def is_readable(self, modality: str) -> bool:
        """Whether the head is within the limits of this modality's network."""
        limits = READABLE[modality]
        return abs(self.yaw_deg) <= limits.yaw_deg and abs(self.pitch_deg) <= limits.pitch_deg

    @property
    def forward(self) -> tuple[float, float]:
        """Direction of the head: horizontal (to the candidate's left) and vertical (up) components of a unit vector."""
        yaw, pitch = math.radians(self.yaw_deg), math.radians(self.pitch_deg)
        return math.sin(yaw) * math.cos(pitch), math.sin(pitch)


def head_pose(face: Face) -> HeadPose:
    """Rotation and scale of the rigid alignment of the average face to this one (Kabsch 1976, Umeyama 1991)."""
    points = face.landmarks[_INDICES].astype(np.float64)
    points -= points.mean(axis=0)
    u, strengths, vt = np.linalg.svd(points.T @ _CENTRED)
    mirror = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = (u * mirror) @ vt
    scale = float((strengths * mirror).sum() / (_CENTRED**2).sum())
    forward, right = -rotation[:, 2], rotation[:, 0]
    return HeadPose(
        yaw_deg=math.degrees(math.atan2(forward[0], -forward[2])),
        pitch_deg=math.degrees(math.asin(max(-1.0, min(1.0, -forward[1])))),
        roll_deg=math.degrees(math.atan2(right[1], right[0])),
        eye_distance=scale,
    )
