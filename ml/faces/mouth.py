"""Movement of a mouth over time: the opening between the lips, by which speech is attributed to a face.

No description of the face is kept: one number a frame, relative to the distance of the eyes.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.geometry import Face

INNER_UPPER_LIP: Final = (82, 13, 312)
INNER_LOWER_LIP: Final = (87, 14, 317)
"""Mesh vertices of the inner lips' middle three pairs."""


@dataclass(frozen=True, slots=True, eq=False)
class MouthMovement:
    """``times_s`` (n,): ascending frame times on the recording's clock. ``openness`` (n,): gap between the inner lips
    over the distance of the eyes, 0 closed, about 0.5 wide open."""

    times_s: NDArray[np.float64]
    openness: NDArray[np.float64]


def mouth_openness(face: Face) -> float:
    """The gap between the inner lips, mean of three places, over the distance of the eyes. Both are measured in the
    picture's plane, so that a nod changes it and a change of distance does not."""
    upper, lower = (face.landmarks[list(points), :2] for points in (INNER_UPPER_LIP, INNER_LOWER_LIP))
    eyes = float(np.linalg.norm(face.left_eye - face.right_eye))
    return float(np.linalg.norm(upper - lower, axis=1).mean()) / max(1e-6, eyes)
