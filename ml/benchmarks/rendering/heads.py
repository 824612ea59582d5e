"""Rotation of a portrait's head in three dimensions: the triangles of the face mesh, drawn from far to near."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.arrays import Float32, Float64
from ml.benchmarks.rendering.portraits import EYE_DISTANCE, SIDE, Portrait
from ml.faces.geometry import Picture

WIDTH: Final = 480
HEIGHT: Final = 360
CAMERA: Final = 9.0 * EYE_DISTANCE
"""Distance of the camera: 57 cm."""
_PIVOT: Final = np.array([0.0, 0.35, 0.9]) * EYE_DISTANCE
"""The head turns about the neck: below and behind the middle between the eyes."""
_EYES_AT: Final = np.array([SIDE / 2, 280.0])


@dataclass(frozen=True)
class Turn:
    """How the head stands, on top of how the portrait was taken: degrees as in :class:`ml.faces.head_pose.HeadPose`;
    ``eye_px`` between the eyes of a head that faces the camera; ``x`` and ``y`` pixels off the frame's middle."""

    yaw_deg: float = 0.0
    pitch_deg: float = 0.0
    roll_deg: float = 0.0
    eye_px: float = 56.0
    x: float = 0.0
    y: float = 0.0

    @property
    def rotation(self) -> Float64:
        """(3, 3) for points with x to the right of the picture, y down, z away from the camera."""
        yaw, pitch, roll = np.radians([self.yaw_deg, self.pitch_deg, self.roll_deg])
        around_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
        around_y = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
        around_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
        return np.asarray(around_z @ around_y @ around_x)

    def project(self, points: Float64) -> Float64:
        """(n, 3) points, in portrait pixels from the middle between the eyes, to (n, 3) frame pixels and depth."""
        turned = (points - _PIVOT) @ self.rotation.T + _PIVOT
        nearer = (CAMERA / (CAMERA + turned[:, 2]))[:, np.newaxis]
        scale = self.eye_px / EYE_DISTANCE
        place = turned[:, :2] * nearer * scale + [WIDTH / 2 + self.x, 0.45 * HEIGHT + self.y]
        return np.column_stack([place, turned[:, 2]])


class Head:
    """A portrait that can be turned. Triangulates once."""

    def __init__(self, portrait: Portrait) -> None:
        self.portrait = portrait
        points = portrait.points - [*_EYES_AT, 0.0]
        # The mesh ends at the ears and hairline: hair follows half way, the edge of the picture stays.
        hull = points[cv2.convexHull(points[:, :2].astype(np.float32), returnPoints=False).ravel()]
        middle = points[:, :2].mean(axis=0)
        hair = np.column_stack([(hull[:, :2] - middle) * 1.35 + middle, hull[:, 2]])
        edge = np.array([[x, y] for x in np.linspace(0, SIDE - 1, 7) for y in np.linspace(0, SIDE - 1, 7)])
        edge = edge[(edge % (SIDE - 1) == 0).any(axis=1)] - _EYES_AT
        self._face, self._hair = points, hair
        self._edge = np.column_stack([edge, np.full(len(edge), points[:, 2].max() + EYE_DISTANCE)])
        self._source = np.concatenate([points, hair, self._edge])[:, :2] + _EYES_AT
        # Triangles of the flat picture; the mesh's own were not made for pictures with a background.
        plane = cv2.Subdiv2D((-1, -1, SIDE + 2, SIDE + 2))
        index = {}
        for i, (x, y) in enumerate(np.clip(self._source, 0, SIDE - 1)):
            index[plane.insert((float(x), float(y)))] = i
        corners = [
            plane.findNearest((x, y))[0] for t in plane.getTriangleList() for x, y in np.reshape(t, (3, 2)).tolist()
        ]
        triangles = np.array([index.get(c, -1) for c in corners]).reshape(-1, 3)
        self._triangles = triangles[(triangles >= 0).all(axis=1)]

    def field(self, turn: Turn) -> Float32:
        """(HEIGHT, WIDTH, 2): which pixel of the portrait each pixel of the frame shows."""
        rest = Turn(roll_deg=turn.roll_deg, eye_px=turn.eye_px, x=turn.x, y=turn.y)
        hair = (turn.project(self._hair) + rest.project(self._hair)) / 2
        where = np.concatenate([turn.project(self._face), hair, rest.project(self._edge)])
        order = np.argsort(-where[self._triangles][:, :, 2].mean(axis=1))
        owner = np.full((HEIGHT, WIDTH), -1, np.int32)
        outlines = np.round(where[self._triangles][:, :, :2] * 16).astype(np.int32)
        for i in order.tolist():
            cv2.fillConvexPoly(owner, outlines[i], i, shift=4)
        ones = np.ones((len(self._triangles), 3, 1))
        homogeneous = np.concatenate([where[self._triangles][:, :, :2], ones], axis=2)
        flat = np.abs(np.linalg.det(homogeneous)) < 1e-6
        homogeneous[flat] = np.eye(3)
        to_source = np.linalg.solve(homogeneous, self._source[self._triangles]).astype(np.float32)
        ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
        of = np.take(to_source, owner, axis=0, mode="clip")
        field = xs[..., np.newaxis] * of[:, :, 0] + ys[..., np.newaxis] * of[:, :, 1] + of[:, :, 2]
        field[owner < 0] = -1
        return np.ascontiguousarray(field)

    def show(self, picture: Picture, field: Float32, eye_px: float) -> Picture:
        """The frame; the portrait is blurred to the frame's resolution first, so that nothing aliases."""
        sigma = 0.4 * EYE_DISTANCE / eye_px
        soft = np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.uint8)
        no_second_map = np.empty(0, np.int16)
        shown = cv2.remap(soft, field, no_second_map, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(shown, dtype=np.uint8)


def portrait_points(flat: Float64, depth: Float64) -> Float64:
    """(n, 3) points as :meth:`Turn.project` takes them, from portrait pixels (n, 2) and depths (n,)."""
    return np.column_stack([flat - _EYES_AT, depth])
