"""The paper's own rule, to compare with: where the pupil stands between corners and lids, cut at 0.35 and 0.65.

No head pose, no session: every frame for itself, as the paper and the public code it builds on do it.
"""

from typing import Final

import numpy as np

from ml.eye_gaze.labels import COLUMNS, LABELS
from ml.faces.face_pass import FaceSample
from ml.faces.geometry import Points
from ml.faces.iris import IrisNetwork

LOW: Final = 0.35
HIGH: Final = 0.65


def area(sample: FaceSample, network: IrisNetwork) -> str:
    """The area of one frame; the rule has no notion of a closed eye."""
    across, down = np.mean([_ratios(*network.contour(cut)) for cut in sample.eyes], axis=0)
    # Ratios grow to the right of the picture, which is the candidate's left, and downwards.
    column = 0 if across >= HIGH else 2 if across <= LOW else 1
    row = 0 if down <= LOW else 2 if down >= HIGH else 1
    return LABELS[row * len(COLUMNS) + column]


def _ratios(iris: Points, contour: Points) -> tuple[float, float]:
    """Across and down, 0..1, in the upright box around the eye's contour."""
    low, high = contour.min(axis=0), contour.max(axis=0)
    across, down = (iris - low) / np.maximum(high - low, 1e-6)
    return float(across), float(down)
