"""Angle error of whole looks, head and eyes together, on rendered people who turn their heads.

The heads are turned at random, and the eyes stand at random in them, as in a look at somebody beside the camera. The
truth is the direction that is painted. The error is the angle between it and the direction that is measured
(:func:`ml.eye_gaze.direction.direction_deg`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ml.arrays import Float64
from ml.benchmarks.rendering.eyeballs import EyePair, Look
from ml.benchmarks.rendering.gaze_conditions import Camera
from ml.benchmarks.rendering.gaze_sessions import Identity
from ml.benchmarks.rendering.heads import Head, Turn
from ml.eye_gaze.direction import direction_deg
from ml.eye_gaze.parameters import Pair
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.media.video import Frame

LOOKS: Final = 100
"""Looks of each person."""
TURN_DEG: Final = (40.0, 20.0, 8.0)
"""Largest yaw, pitch and roll of the head, drawn evenly."""
EYES_DEG: Final = (8.0, 5.0)
"""Standard deviation of the eyes' horizontal and vertical angle in the head."""
BANDS_DEG: Final = ((0, 10), (10, 20), (20, 30), (30, 50))
"""Yaw of the head from the camera, for the figures by band."""


@dataclass(frozen=True, slots=True)
class TurnedLook:
    """One look of a turned head: ``head_yaw_deg`` from the camera, the ``truth`` and what was ``measured`` as (yaw,
    pitch) in degrees. ``None``: no face was found, or one too small."""

    head_yaw_deg: float
    truth: Pair
    measured: Pair | None

    @property
    def error_deg(self) -> float:
        """The angle between both directions. Needs a measured one."""
        assert self.measured is not None
        cosine = float(_unit(self.truth) @ _unit(self.measured))
        return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def turned_looks(person: Identity, recognizer: Recognizer, *, seed: int, count: int = LOOKS) -> list[TurnedLook]:
    """``count`` rendered looks of one person, each a picture of its own, measured."""
    rng = np.random.default_rng(seed)
    portrait = person.portrait
    head, eyes, camera = Head(portrait), EyePair(portrait, person.eyes), Camera(rng, dim=False)
    looks = []
    for _ in range(count):
        yaw, pitch, roll = (float(rng.uniform(-most, most)) for most in TURN_DEG)
        turn = Turn(yaw, pitch, roll)
        # The portrait itself was taken a little turned.
        head_deg = np.array([portrait.yaw_deg + yaw, portrait.pitch_deg + pitch])
        left, up = (float(angle) for angle in head_deg + rng.normal(0, EYES_DEG))
        frame = head.show(portrait.picture, head.field(turn), turn.eye_px)
        eyes.paint(frame, turn, Look(left, up))
        faces, shown = FacePass(tiled=False), Frame(0.0, 0.1, camera.take(frame))
        seen = faces.observe(shown)
        sample = recognizer.measure(faces.sample(shown, seen[0])) if seen else None
        looks.append(TurnedLook(float(head_deg[0]), (left, up), None if sample is None else direction_deg(sample)))
    return looks


def angle_errors(looks: Sequence[TurnedLook]) -> dict[str, Any]:
    """``looks``, ``measured``, ``median_deg`` and ``p90_deg`` of the error, and the same ``by_yaw`` of the head, whose
    keys are ``0-10`` and so on. Errors are ``None`` where nothing was measured."""
    by_yaw = {
        f"{low}-{high}": _quantiles([look for look in looks if low <= abs(look.head_yaw_deg) < high])
        for low, high in BANDS_DEG
    }
    return _quantiles(looks) | {"by_yaw": by_yaw}


def _quantiles(looks: Sequence[TurnedLook]) -> dict[str, Any]:
    errors = [look.error_deg for look in looks if look.measured is not None]
    median, p90 = np.quantile(errors, (0.5, 0.9)).round(1).tolist() if errors else (None, None)
    return {"looks": len(looks), "measured": len(errors), "median_deg": median, "p90_deg": p90}


def _unit(angles_deg: Pair) -> Float64:
    yaw, pitch = np.radians(angles_deg)
    return np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
