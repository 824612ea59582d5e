"""Quality of the camera picture: face size and position, exposure, backlight, and what the candidate can improve."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.arrays import UInt8
from ml.faces.sighting import Box

MIN_FACE_GRAY: Final = 60.0
"""Mean gray level of the face below which it is underexposed. FER2013's faces have 130 on average."""
MAX_FACE_GRAY: Final = 215.0
"""Mean gray level of the face above which it is overexposed."""
MAX_BACKLIGHT: Final = 60.0
"""Largest difference of the mean gray level between the background and the face."""
MIN_FACE_HEIGHT: Final = 0.16
"""Smallest height of the face relative to the picture. At 640 x 360 it is about 30 pixels between the eyes."""
MAX_FACE_HEIGHT: Final = 0.75
"""Largest height of the face relative to the picture."""
MAX_HORIZONTAL_OFFSET: Final = 0.22
"""Largest horizontal distance between the middles of face and picture, relative to the picture's width."""
MAX_VERTICAL_OFFSET: Final = 0.20
"""Largest vertical distance between the middles of face and picture, relative to the picture's height."""
STRIDE_PX: Final = 4
"""Gray levels are sampled at every so many pixels."""

SENTENCES: Final = {
    "none": "No face is in the picture. Sit in front of the camera.",
    "several": "Several people are in the picture. Please be alone in it.",
    "far": "Come a little nearer to the camera.",
    "near": "Move a little away from the camera.",
    "left": "Move a little to your right.",
    "right": "Move a little to your left.",
    "high": "Sit a little lower, or tilt the camera up.",
    "low": "Sit a little higher, or tilt the camera down.",
    "dark": "It is too dark. Turn on a light in front of you.",
    "bright": "It is too bright. Turn the light down, or away from your face.",
    "backlit": "The light is behind you. Turn so that it falls on your face.",
    "good": "Face and light are good.",
}
"""Left and right are the candidate's own."""


@dataclass(frozen=True, slots=True)
class CaptureQuality:
    """``face``: none, one or several. ``framing``: good, far, near, left, right, high or low. ``light``: good, dark,
    bright or backlit. Both are ``unknown`` without a face. ``sentence``: the most important improvement."""

    face: str
    framing: str
    light: str
    sentence: str


def assess(rgb: UInt8, box: Box | None, faces: int) -> CaptureQuality:
    """The quality of an RGB picture (H, W, 3) with so many faces. ``box`` is the candidate's face in pixels, ``None``
    without one."""
    if box is None:
        return CaptureQuality("none", "unknown", "unknown", SENTENCES["none"])
    framing, light = _framing(rgb, box), _light(rgb, box)
    face = "several" if faces > 1 else "one"
    worst = next((word for word in (face, framing, light) if word not in ("one", "good")), "good")
    return CaptureQuality(face, framing, light, SENTENCES[worst])


def _framing(rgb: UInt8, box: Box) -> str:
    height, width = rgb.shape[:2]
    face_height = (box[3] - box[1]) / height
    if face_height < MIN_FACE_HEIGHT or face_height > MAX_FACE_HEIGHT:
        return "far" if face_height < MIN_FACE_HEIGHT else "near"
    horizontal = (box[0] + box[2]) / 2 / width - 0.5
    vertical = (box[1] + box[3]) / 2 / height - 0.5
    if abs(horizontal) > MAX_HORIZONTAL_OFFSET:
        return "left" if horizontal > 0 else "right"  # an unmirrored picture shows the candidate's left on its right
    if abs(vertical) > MAX_VERTICAL_OFFSET:
        return "low" if vertical > 0 else "high"
    return "good"


def _light(rgb: UInt8, box: Box) -> str:
    gray = cv2.cvtColor(np.ascontiguousarray(rgb[::STRIDE_PX, ::STRIDE_PX]), cv2.COLOR_RGB2GRAY)
    left, top, right, bottom = (round(max(0.0, v) / STRIDE_PX) for v in box)
    face = gray[top : bottom + 1, left : right + 1]
    if not face.size:
        return "unknown"
    mean = float(face.mean())
    background = (float(gray.sum()) - float(face.sum())) / max(1, gray.size - face.size)
    if background - mean > MAX_BACKLIGHT:
        return "backlit"
    return "dark" if mean < MIN_FACE_GRAY else "bright" if mean > MAX_FACE_GRAY else "good"
