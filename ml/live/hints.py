"""What a candidate can do about a picture that will be hard to read: light, distance, place in the frame."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.faces.candidate import Box
from ml.faces.geometry import Picture

DARK: Final = 60.0
"""Mean grey of the face below which the networks see little; FER2013's faces have 130 on average."""
BRIGHT: Final = 215.0
BACKLIT: Final = 60.0
"""So much brighter than the face may the rest of the picture be."""
SMALL: Final = 0.16
"""Height of the face over the height of the picture; at 640 x 360 this is about 30 pixels between the eyes."""
LARGE: Final = 0.75
OFF_ACROSS, OFF_UP = 0.22, 0.20
"""How far the middle of the face may be from the middle of the picture, in widths and heights."""
EVERY_PX: Final = 4

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
class Hints:
    """``face`` none, one, several; ``framing`` good, far, near, left, right, high, low; ``light`` good, dark, bright,
    backlit; both ``unknown`` without a face. ``sentence`` says the most useful thing to do."""

    face: str
    framing: str
    light: str
    sentence: str


def hints_of(rgb: Picture, box: Box | None, faces: int) -> Hints:
    """``box`` is the candidate's face in pixels, None when there is none."""
    if box is None:
        return Hints("none", "unknown", "unknown", SENTENCES["none"])
    framing, light = _framing(rgb, box), _light(rgb, box)
    face = "several" if faces > 1 else "one"
    worst = next((word for word in (face, framing, light) if word not in ("one", "good")), "good")
    return Hints(face, framing, light, SENTENCES[worst])


def _framing(rgb: Picture, box: Box) -> str:
    height, width = rgb.shape[:2]
    tall = (box[3] - box[1]) / height
    if tall < SMALL or tall > LARGE:
        return "far" if tall < SMALL else "near"
    across = (box[0] + box[2]) / 2 / width - 0.5
    down = (box[1] + box[3]) / 2 / height - 0.5
    if abs(across) > OFF_ACROSS:
        return "left" if across > 0 else "right"  # an unmirrored picture shows the candidate's left on its right
    if abs(down) > OFF_UP:
        return "low" if down > 0 else "high"
    return "good"


def _light(rgb: Picture, box: Box) -> str:
    gray = cv2.cvtColor(np.ascontiguousarray(rgb[::EVERY_PX, ::EVERY_PX]), cv2.COLOR_RGB2GRAY)
    left, top, right, bottom = (round(max(0.0, v) / EVERY_PX) for v in box)
    face = gray[top : bottom + 1, left : right + 1]
    if not face.size:
        return "unknown"
    mean = float(face.mean())
    around = (float(gray.sum()) - float(face.sum())) / max(1, gray.size - face.size)
    if around - mean > BACKLIT:
        return "backlit"
    return "dark" if mean < DARK else "bright" if mean > BRIGHT else "good"
