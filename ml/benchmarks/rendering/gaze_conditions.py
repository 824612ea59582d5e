"""Conditions of rendered sessions: head pose, distance, glasses with reflections, low light, window size."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.arrays import Float32, Float64
from ml.benchmarks.rendering.heads import HEIGHT, WIDTH, Turn
from ml.eye_gaze.parameters import Pair
from ml.faces.geometry import Picture

DOTS_DEG: Final = (20.0, 14.0)
"""Angles from the middle target to the outer ones: between the edges of a laptop's window (16, 9.5) and those of a
large screen (24, 14)."""
LAPTOP_DEG: Final = (16.0, 9.5)
JPEG_QUALITY: Final = 80

Rng = np.random.Generator


@dataclass(frozen=True)
class Condition:
    """``turn_deg``: largest yaw, pitch and roll during the interview; while the dots are shown the head hardly moves.
    ``eye_px``: smallest and largest distance between the eyes."""

    name: str
    turn_deg: tuple[float, float, float] = (4.0, 3.0, 3.0)
    eye_px: Pair = (56.0, 56.0)
    glasses: bool = False
    dim: bool = False
    dots_deg: Pair = DOTS_DEG

    def turn(self, rng: Rng, *, gone: float) -> Turn:
        """The head pose of the next look, when ``gone`` 0..1 of the interview is over. Rotation is random; the distance
        changes gradually, because nobody moves half a metre within a tenth of a second."""
        yaw, pitch, roll = (float(rng.uniform(-most, most)) for most in self.turn_deg)
        low, high = np.log(self.eye_px)
        eye_px = float(np.exp(low + gone * (high - low) + rng.uniform(-0.04, 0.04)))
        return Turn(yaw, pitch, roll, eye_px, *self._off(rng))

    def still(self, rng: Rng) -> Turn:
        """The head pose at the calibration targets: frontal, at the middle distance."""
        return Turn(0.0, 0.0, 0.0, float(np.sqrt(self.eye_px[0] * self.eye_px[1])), *self._off(rng))

    @staticmethod
    def _off(rng: Rng) -> Pair:
        return float(rng.uniform(-12, 12)), float(rng.uniform(-8, 8))


CONDITIONS: Final = (
    Condition("plain"),
    Condition("head turned", turn_deg=(20.0, 12.0, 10.0)),
    Condition("near and far", eye_px=(30.0, 80.0)),
    Condition("glasses with glare", glasses=True),
    Condition("low light", dim=True),
    Condition("laptop window", dots_deg=LAPTOP_DEG),
)


@dataclass(frozen=True)
class Glasses:
    """One pair: ``glare`` are the reflections on a lens, rows of x, y, half width, half height in millimetres from the
    eye and strength 0..1, the same on both lenses as windows and screens are."""

    colour: tuple[int, int, int]
    glare: Float64

    @classmethod
    def drawn(cls, rng: Rng) -> "Glasses":
        count = int(rng.integers(1, 3))
        glare = np.column_stack(
            [
                rng.uniform(-9, 9, count),
                rng.uniform(-6, 6, count),
                rng.uniform(2, 5, count),
                rng.uniform(1.5, 4, count),
                rng.uniform(0.3, 0.7, count),
            ]
        )
        dark = int(rng.integers(15, 70))
        return cls((dark, dark, int(dark * 0.9)), glare)

    def put_on(self, frame: Picture, turn: Turn, rng: Rng) -> None:
        """Draw them into the frame, in place. Reflections wander a little with the head."""
        px = turn.eye_px / 63.0
        overlay = frame.astype(np.float32)
        for side in (-1.0, 1.0):
            rim = _lens(turn, side)
            mask = np.zeros(frame.shape[:2], np.uint8)
            cv2.fillPoly(mask, [np.round(rim * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
            eye = rim.mean(axis=0)
            for x, y, wide, high, strength in self.glare:
                spot = np.zeros(frame.shape[:2], np.uint8)
                at = eye + np.array([x + 0.15 * turn.yaw_deg, y + 0.15 * turn.pitch_deg]) * px + rng.normal(0, 0.3, 2)
                box = cv2.boxPoints(((float(at[0]), float(at[1])), (2 * wide * px, 2 * high * px), 8.0))
                cv2.fillPoly(spot, [np.round(box * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
                veil = cv2.GaussianBlur(cv2.min(spot, mask), (0, 0), 0.6 * px).astype(np.float32) / 255 * strength
                overlay += veil[..., np.newaxis] * (np.array([232, 240, 250], np.float32) - overlay)
        frame[...] = np.clip(overlay, 0, 255).astype(np.uint8)
        width = max(1, round(1.6 * px))
        for side in (-1.0, 1.0):
            outline = np.round(_lens(turn, side) * 16).astype(np.int32)
            cv2.polylines(frame, [outline], True, self.colour, width, cv2.LINE_AA, 4)
        bridge = turn.project(np.array([[-16.0, -4.0, -24.0], [16.0, -4.0, -24.0]]) * (128 / 63))[:, :2]
        left, right = np.round(bridge * 16).astype(np.int32)
        cv2.line(frame, left.tolist(), right.tolist(), self.colour, width, cv2.LINE_AA, 4)


def _lens(turn: Turn, side: float) -> Float64:
    """(40, 2) rim of a lens, 48 x 36 mm, 22 mm before the eyes' corners."""
    t = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x = side * 33 + 24 * np.sign(np.cos(t)) * np.abs(np.cos(t)) ** 0.6
    y = 3 + 18 * np.sign(np.sin(t)) * np.abs(np.sin(t)) ** 0.6
    return turn.project(np.column_stack([x, y, np.full(40, -22.0)]) * (128 / 63))[:, :2]


class Camera:
    """The camera: low light, sensor noise and JPEG compression. The noise is drawn once and shifted for each frame."""

    def __init__(self, rng: Rng, *, dim: bool) -> None:
        self._rng, self._dim = rng, dim
        self._noise = rng.standard_normal((HEIGHT, WIDTH, 3), np.float32)

    def take(self, frame: Picture) -> Picture:
        shift = tuple(int(n) for n in self._rng.integers(0, HEIGHT, 2))
        noise = np.roll(self._noise, shift, (0, 1))
        noisy = np.clip(_amplified(frame, noise) if self._dim else frame + 2.0 * noise, 0, 255).astype(np.uint8)
        if self._dim:
            noisy = np.asarray(cv2.GaussianBlur(noisy, (0, 0), 0.8), np.uint8)
        _, code = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
        return np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8)


def _amplified(frame: Picture, noise: Float32) -> Float32:
    """A tenth of the light, amplified fourfold, with the noise of 90 photons in the brightest pixel and of reading."""
    light = (frame.astype(np.float32) / 255) ** 2.2 * 0.1
    read_out = light + noise * np.sqrt(light / 900 + 0.004**2)
    return np.asarray(np.clip(read_out * 4, 0, 1) ** (1 / 2.2) * 255, np.float32)
