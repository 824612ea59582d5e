"""Rendering of an eye: a ball with iris and pupil behind the lids, in millimetres.

Radii are those of the average eye: ball 12 mm, iris 5.9 mm. The lid opening is ``depth_mm`` in front of the centre of
rotation. The upper lid follows a vertical look, and the skin above it stretches.
"""

import math
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.arrays import Float32, Float64
from ml.benchmarks.rendering.heads import Turn, portrait_points
from ml.benchmarks.rendering.portraits import PX_PER_MM, Portrait
from ml.faces.geometry import Picture

BALL_MM: Final = 12.0
IRIS_MM: Final = 5.9
LIMBUS_MM: Final = math.sqrt(BALL_MM**2 - IRIS_MM**2)
LID_MM: Final = 12.6
FINE: Final = 3
"""Supersampling factor of the eye."""

_AROUND: Final = (*range(9), *range(15, 8, -1))
"""The contour's points in the order round the opening: its upper lid runs from the outer corner, as the lower does."""

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """Gaze of both eyes relative to the camera: degrees to the candidate's left and up. ``closed``: lids, 0..1."""

    left_deg: float = 0.0
    up_deg: float = 0.0
    closed: float = 0.0

    @property
    def direction(self) -> Float64:
        """Unit vector: x to the right of the picture, which is the candidate's left; y down; z away."""
        left, up = math.radians(self.left_deg), math.radians(self.up_deg)
        return np.array([math.sin(left) * math.cos(up), -math.sin(up), -math.cos(left) * math.cos(up)])


@dataclass(frozen=True)
class EyeKind:
    """Individual parameters of the eyes. ``outward_mm`` and ``upward_mm``: centre of the ball from the middle between
    the corners; ``kappa_deg``: how far the optical axis stands outward of the look; ``lid_follow``: share of the iris'
    way up or down that the upper lid goes along; ``opening``: height of the opening against the portrait's."""

    iris: Colour = (92, 64, 42)
    white: Colour = (222, 212, 204)
    pupil_mm: float = 1.9
    depth_mm: float = 5.0
    outward_mm: float = 0.6
    upward_mm: float = 1.2
    kappa_deg: float = 3.0
    lid_follow: float = 0.7
    opening: float = 1.0


class EyePair:
    """The eyes of one portrait."""

    def __init__(self, portrait: Portrait, kind: EyeKind) -> None:
        self._kind = kind
        self._eyes = tuple(
            _Eye(contour, side, kind) for contour, side in zip(portrait.contours, (-1.0, 1.0), strict=True)
        )

    def paint(self, frame: Picture, turn: Turn, look: Look) -> None:
        """Paint both eyes into the frame, in place."""
        for eye in self._eyes:
            eye.paint(frame, turn, look)


class _Eye:
    def __init__(self, contour: Float64, side: float, kind: EyeKind) -> None:
        self._kind, self._side = kind, side
        middle = (contour[0] + contour[8]) / 2
        opened = contour.copy()
        opened[9:, 1] = (
            _line(contour, contour[9:, 0]) + (contour[9:, 1] - _line(contour, contour[9:, 0])) * kind.opening
        )
        centre = middle + np.array([side * kind.outward_mm, -kind.upward_mm]) * PX_PER_MM
        ball_depth = kind.depth_mm * PX_PER_MM
        # The lids lie on the ball; its centre is depth_mm behind the corners.
        away = (opened - centre) / PX_PER_MM
        forward = np.sqrt(np.maximum(LID_MM**2 - (away**2).sum(axis=1), 0.0))
        depth = np.minimum(ball_depth - forward * PX_PER_MM, 0.0)
        depth[[0, 8]] = 0.0
        self._old = portrait_points(contour, depth)
        self._new = portrait_points(opened, depth)
        self._centre = portrait_points(centre[np.newaxis], np.array([ball_depth]))

    def paint(self, frame: Picture, turn: Turn, look: Look) -> None:
        kind = self._kind
        px_per_mm = turn.eye_px / 63.0
        centre = turn.project(self._centre)[0, :2]
        old, new = turn.project(self._old)[:, :2], turn.project(self._new)[:, :2]
        optical = Look(look.left_deg + self._side * kind.kappa_deg, look.up_deg)
        # How far the iris is up or down in the head, for the lid that goes along with it.
        in_head = turn.rotation.T @ look.direction
        drop = LIMBUS_MM * float(in_head[1]) * px_per_mm
        down = np.array([-math.sin(math.radians(turn.roll_deg)), math.cos(math.radians(turn.roll_deg))])
        arch = np.sin(np.linspace(0, math.pi, 9))[1:8, np.newaxis]
        new[9:] += kind.lid_follow * drop * arch * down
        new[1:8] += max(0.0, 0.35 * drop) * arch * down
        # A closing lid meets the lower one; the upper lid's points run parallel to the lower lid's.
        new[9:] += look.closed * (new[1:8] - new[9:])

        x0, y0 = np.floor(np.minimum(old, new).min(axis=0) - 5 * px_per_mm - 2).astype(int)
        x1, y1 = np.ceil(np.maximum(old, new).max(axis=0) + 4 * px_per_mm + 2).astype(int)
        if x0 < 0 or y0 < 0 or x1 >= frame.shape[1] or y1 >= frame.shape[0]:
            return
        patch = frame[y0:y1, x0:x1]
        fine: NDArray[Any] = np.asarray(
            cv2.resize(patch, None, fx=FINE, fy=FINE, interpolation=cv2.INTER_LINEAR), np.uint8
        )
        ys, xs = np.mgrid[0 : fine.shape[0], 0 : fine.shape[1]].astype(np.float32)
        xs, ys = (
            (xs + np.float32(0.5)) / FINE + np.float32(x0 - 0.5),
            (ys + np.float32(0.5)) / FINE + np.float32(y0 - 0.5),
        )
        fine = self._lid_moved(fine, xs, ys, old, new, px_per_mm, (x0, y0))
        painted = _ball(xs, ys, centre, optical.direction, px_per_mm, kind)
        outline = np.round(((new - [x0, y0] + 0.5) * FINE - 0.5) * 16).astype(np.int32)
        mask = np.zeros(fine.shape[:2], np.uint8)
        cv2.fillPoly(mask, [outline[list(_AROUND)]], 255, lineType=cv2.LINE_AA, shift=4)
        soft = cv2.GaussianBlur(mask, (0, 0), 0.25 * px_per_mm * FINE).astype(np.float32) / 255
        # The lids shade the ball near its edge, the upper one most.
        deep = cv2.GaussianBlur(np.roll(mask, int(0.8 * px_per_mm * FINE), axis=0), (0, 0), 1.1 * px_per_mm * FINE)
        shade = 0.45 + 0.55 * np.clip(deep.astype(np.float32) / 215, 0, 1)
        light = float(np.median(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY))) / 165.0
        painted *= (shade * np.clip(light, 0.35, 1.1))[..., np.newaxis]
        mixed: NDArray[Any] = fine + soft[..., np.newaxis] * (painted - fine)
        lash = np.zeros(fine.shape[:2], np.uint8)
        upper = outline[[0, *range(9, 16), 8]]
        cv2.polylines(lash, [upper], False, 255, max(1, round(0.5 * px_per_mm * FINE)), cv2.LINE_AA, 4)
        soft_lash = np.asarray(cv2.GaussianBlur(lash, (0, 0), 0.2 * px_per_mm * FINE), np.float64)
        mixed = mixed * (1 - 0.55 * (soft_lash / 255.0)[..., np.newaxis])
        patch[...] = cv2.resize(np.clip(mixed, 0, 255), patch.shape[1::-1], interpolation=cv2.INTER_AREA).astype(
            np.uint8
        )

    def _lid_moved(
        self,
        fine: Picture,
        xs: Float32,
        ys: Float32,
        old: Float64,
        new: Float64,
        px_per_mm: float,
        corner: tuple[int, int],
    ) -> Float32:
        """The skin above the upper lid, stretched or compressed column by column."""
        was, now = (_upper(contour, xs[0]) for contour in (old, new))
        was = was - 0.5 * px_per_mm  # the lashes belong to the lid
        fold = np.minimum(was, now) - 4.0 * px_per_mm
        from_ys = np.where(ys > fold, fold + (ys - fold) * (was - fold) / np.maximum(now - fold, 1e-3), ys)
        from_ys = np.where(ys > now, ys, from_ys)
        map_x = (xs - corner[0] + 0.5) * FINE - 0.5
        map_y = (from_ys - corner[1] + 0.5) * FINE - 0.5
        moved = cv2.remap(fine, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR)
        return np.asarray(moved, np.float32)


def _ball(xs: Float32, ys: Float32, centre: Float64, look: Float64, px_per_mm: float, kind: EyeKind) -> Float32:
    """The ball (h, w, 3) without lids."""
    x, y = ((axis - np.float32(c)) / np.float32(px_per_mm) for axis, c in zip((xs, ys), centre, strict=True))
    look = look.astype(np.float32)
    height = BALL_MM**2 - x * x - y * y
    on_ball = height > 0
    z = -np.sqrt(np.maximum(height, 0))
    along = (x * look[0] + y * look[1] + z * look[2]) / BALL_MM
    # Distance from the optical axis, in the plane of the iris.
    radius = BALL_MM * np.sqrt(np.maximum(1 - along * along, 0))
    angle = np.arctan2(y - LIMBUS_MM * look[1], x - LIMBUS_MM * look[0])
    front = (along > 0) & on_ball
    texture = 0.9 + 0.18 * np.sin(17 * angle + 2 * np.sin(5 * angle)) * np.clip(radius / IRIS_MM, 0, 1)
    ring = 1 - 0.55 * np.clip((radius - 0.78 * IRIS_MM) / (0.22 * IRIS_MM), 0, 1)
    iris = np.array(kind.iris, np.float32) * (texture * ring)[..., np.newaxis]
    veins = np.array([1.0, 0.97, 0.96], np.float32) ** np.clip(np.abs(x) - 6, 0, 6)[..., np.newaxis]
    colour = np.array(kind.white, np.float32) * veins
    colour[~on_ball] = (186, 130, 118)  # the caruncle in the inner corner
    edge = np.clip((IRIS_MM - radius) / 0.35 + 0.5, 0, 1) * front
    colour += edge[..., np.newaxis] * (iris - colour)
    hole = np.clip((kind.pupil_mm - radius) / 0.25 + 0.5, 0, 1) * front
    colour += hole[..., np.newaxis] * (np.array((14, 11, 11), np.float32) - colour)
    # The window's mirror image stands near the ball's middle, wherever the eye looks.
    glint = np.exp(-((x - 4.6 * look[0] + 1.0) ** 2 + (y - 4.6 * look[1] + 1.4) ** 2) / 0.35) * front
    colour += glint[..., np.newaxis] * (235 - colour)
    return np.asarray(colour, np.float32)


def _line(contour: Float64, xs: Float64) -> Float64:
    (x0, y0), (x1, y1) = contour[0], contour[8]
    return np.asarray(y0 + (y1 - y0) * (xs - x0) / (x1 - x0))


def _upper(contour: Float64, xs: Float32) -> Float64:
    """Height of the upper lid at each column."""
    points = contour[[0, *range(9, 16), 8]]
    order = np.argsort(points[:, 0])
    return np.asarray(np.interp(xs, points[order, 0], points[order, 1]))
