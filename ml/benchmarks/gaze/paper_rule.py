"""Baseline: the rule of the paper, the iris position between corners and lids, with thresholds at 0.35 and 0.65.

It uses no head pose and no session statistics: every frame alone, as in the paper and the public code that it builds
on.
"""

from typing import Final

import numpy as np

from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.faces.face_pass import FaceSample
from ml.faces.geometry import Points
from ml.faces.iris import IrisNetwork

LOW: Final = 0.35
HIGH: Final = 0.65


def area(face: FaceSample, network: IrisNetwork) -> str:
    """The area of one frame. The rule has no label for closed eyes."""
    horizontal, vertical = np.mean([_ratios(*network.contour(cut)) for cut in face.eyes], axis=0)
    # Ratios grow to the right of the picture, which is the candidate's left, and downwards.
    column = 0 if horizontal >= HIGH else 2 if horizontal <= LOW else 1
    row = 0 if vertical <= LOW else 2 if vertical >= HIGH else 1
    return LABELS[row * len(COLUMNS) + column]


def _ratios(iris: Points, contour: Points) -> tuple[float, float]:
    """Horizontal and vertical position of the iris, 0..1, in the upright bounding box of the eye's contour."""
    low, high = contour.min(axis=0), contour.max(axis=0)
    horizontal, vertical = (iris - low) / np.maximum(high - low, 1e-6)
    return float(horizontal), float(vertical)
