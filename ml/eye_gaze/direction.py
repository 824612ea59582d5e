"""Gaze as an angle from the camera, head pose and eyes together, in degrees.

The model is that of :mod:`ml.eye_gaze.geometry`: the iris moves with the eye's rotation, and the ball's centre, behind
the corners of the eye, moves with the head's. The lengths here are those of whole looks, in which head and eyes turn
together. The areas have smaller ones, chosen for eyes that move in a steady head.
"""

import math
from collections.abc import Sequence
from itertools import compress
from typing import Final

import numpy as np

from ml.eye_gaze.areas import open_eyes
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.parameters import Pair, Parameters

RADIUS_MM: Final = (10.1, 8.7)
HEAD_MM: Final = (5.75, 7.2)
"""Iris offset per sine of the eye's rotation, and the part of it that a head turned by that angle takes back:
horizontally and vertically. Least squares on 399 rendered looks of the development half (``benchmark_gaze
--chosen-on``), heads turned by up to 40 degrees."""
ERROR_DEG: Final = 12.5
"""90th percentile of the error of one direction on the reported half (``benchmark_gaze``, section on angles)."""
STEP_DEG: Final = 5
"""Directions are given in multiples of this, half of the error."""


def direction_deg(sample: GazeSample) -> Pair:
    """Angles (yaw, pitch) between the gaze and the direction to the camera, positive to the candidate's left and up.
    -90..90 degrees."""
    yaw, pitch = (
        math.degrees(math.asin(max(-1.0, min(1.0, (iris + head_mm * head) / radius_mm))))
        for iris, head, head_mm, radius_mm in zip(sample.iris, sample.head, HEAD_MM, RADIUS_MM, strict=True)
    )
    return yaw, pitch


def main_direction_deg(samples: Sequence[GazeSample], parameters: Parameters) -> Pair | None:
    """The session's main direction: the median (yaw, pitch) of its samples with open eyes. ``None`` without any."""
    directions = [direction_deg(sample) for sample in compress(samples, open_eyes(samples, parameters))]
    if not directions:
        return None
    yaw, pitch = np.median(np.array(directions), axis=0)
    return float(yaw), float(pitch)


def in_words(direction: Pair) -> str:
    """``about 25 degrees to the left of the camera (the candidate's left)``. An angle within :data:`ERROR_DEG` is not
    told from 0; where both are, the direction is within that of the camera."""
    yaw, pitch = (STEP_DEG * round(angle / STEP_DEG) if abs(angle) > ERROR_DEG else 0 for angle in direction)
    side, height = "left" if yaw > 0 else "right", "above" if pitch > 0 else "below"
    if yaw and pitch:
        words = f"{abs(yaw)} degrees to the {side} of the camera and {abs(pitch)} degrees {height} it"
    elif pitch:
        return f"about {abs(pitch)} degrees {height} the camera"
    elif yaw:
        words = f"{abs(yaw)} degrees to the {side} of the camera"
    else:
        return f"within about {STEP_DEG * round(ERROR_DEG / STEP_DEG)} degrees of the camera"
    return f"about {words} (the candidate's {side})"
