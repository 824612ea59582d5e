"""Picture quality of a face: light and sharpness of what the recognisers get, with the limits of the networks.

The measures are taken on the cuts that the networks read, so that the size of the face, the camera's focus, motion and
compression count as far as they reach a network. A face in poor light or out of focus is the recording's doing, and
comes before the pose of the head as a reason.
"""

from dataclasses import dataclass
from typing import Final

import cv2

from ml.faces.geometry import Picture
from ml.gaps import BLURRED, TOO_DARK
from ml.modalities import FACIAL_EXPRESSION

MIN_BRIGHTNESS: Final = 35.0
"""Mean grey level of the face's crop below which it is too dark, if its contrast is low as well.

FER2013's PublicTest (700 faces) with sensor noise keeps 93 % of its accuracy at half the light (mean grey level 65),
89 % at 0.35 (46), 79 % at a quarter (33) and 47 % at an eighth (16). In five recordings, darkened with noise and
compressed again, faces keep 83 % of their labels and eyes 67 % at a third of the light (38, contrast 19), 79 % and
55 % at a quarter (28, 14), 66 % and 39 % at an eighth (13, 6). The vertical gaze is then off by 0.28 (sine; half of the
middle area is 0.10)."""
MIN_CONTRAST: Final = 16.0
"""Standard deviation of the crop's grey levels below which a dark face is too dark. Without noise nothing is lost at an
eighth of the light: dark skin in good light has more contrast than this, and is read."""
MIN_SHARPNESS: Final = 0.25
"""Sharpness of the face's crop below which it is blurred. FER2013's faces have 0.84 (median; 5 % below 0.58). Blurred
by 1 pixel they have 0.25 and keep 89 % of their accuracy, by 1.3 pixels 0.18 and 78 %."""
MIN_EYE_SHARPNESS: Final = 0.10
"""Sharpness of the eye strip below which eyes and gaze are not read. Sharp faces with 18 pixels between the eyes have
0.17 or more. Blurred to less than 0.10 fewer than four in ten of the eyes' labels stay."""


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """``brightness`` and ``contrast``: mean and standard deviation of the crop's grey levels, 0..255. ``sharpness`` and
    ``eye_sharpness``: standard deviation of the Laplacian over that of the grey levels, of crop and eye strip."""

    brightness: float
    contrast: float
    sharpness: float
    eye_sharpness: float

    def problem(self, modality: str) -> str | None:
        """Why this modality is not read from the face: a key of :mod:`ml.gaps`, ``None`` if it is read."""
        if self.brightness < MIN_BRIGHTNESS and self.contrast < MIN_CONTRAST:
            return TOO_DARK
        if modality == FACIAL_EXPRESSION:
            return BLURRED if self.sharpness < MIN_SHARPNESS else None
        return BLURRED if self.eye_sharpness < MIN_EYE_SHARPNESS else None


def face_quality(crop: Picture, strip: Picture) -> FaceQuality:
    """The quality of a face from its grey cuts (:mod:`ml.faces.alignment`)."""
    mean, deviation = cv2.meanStdDev(crop)
    return FaceQuality(float(mean.item()), float(deviation.item()), _sharpness(crop), _sharpness(strip))


def _sharpness(cut: Picture) -> float:
    edges, contrast = (cv2.meanStdDev(picture)[1].item() for picture in (cv2.Laplacian(cut, cv2.CV_16S), cut))
    return float(edges) / max(1.0, float(contrast))
