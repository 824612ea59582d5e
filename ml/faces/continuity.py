"""Continuity of a face's picture from one frame to the next, across a cut or a change of layout.

Normalised cross-correlation of two patches around the face. A patch holds the last frame's 24 x 24 gray levels. It is
replaced with every frame, compared with the next ones only, and never stored: it tells that the same moving picture
goes on, in its place or in another, and not who is in it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.geometry import Region
from ml.media.planes import Source

Patch = NDArray[np.float32]

SIZE: Final = 24
SAME: Final = 0.85
"""Correlation from which two faces on both sides of a cut are the same moving picture."""
REPLACED: Final = 0.45
"""Correlation below which another picture has taken the place, without a cut of the whole picture."""


def patch_of(gray: Source, region: Region) -> Patch:
    """The face with its surroundings, upright, with mean 0 and norm 1. ``region``: the mesh's."""
    patch = region.cut(gray, SIZE).astype(np.float32)
    patch -= patch.mean()
    return np.asarray(patch / max(1e-6, float(np.linalg.norm(patch))), np.float32)


def correlation(one: Patch, other: Patch) -> float:
    """-1..1."""
    return float((one * other).sum())
