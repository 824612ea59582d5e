"""Scene cut detection: after a cut, another person may be where the last one was.

Scenes are compared by a 16 x 16 thumbnail. It depends on room and framing, and no face can be recognised in it.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from ml.media.planes import ColorSource, coarse

THUMBNAIL: Final = 16
ENOUGH_ROWS: Final = 96
# Mean difference of thumbnails, of 255. Within a shot of the sample recordings two frames a tenth of a second apart
# differ by 10 at most, any two by 26; their one cut makes 81.
CUT: Final = 24.0
SAME_SCENE: Final = 28.0
CHANGED: Final = 50.0
"""Difference of one cell of the thumbnail, of 255, from which it shows something else."""


class Scenes:
    """Numbers the scenes of one recording. Frames come in the order of time."""

    def __init__(self) -> None:
        self.changed: NDArray[np.bool_] = np.zeros((THUMBNAIL, THUMBNAIL), np.bool_)
        """Which cells of the picture, (rows, columns), show something else than in the last frame."""
        self._last_of: list[NDArray[np.float32]] = []
        self._current = -1

    def number(self, picture: ColorSource) -> int:
        """The number of this frame's scene: the previous one, an earlier one, or a new one."""
        step = max(1, min(picture.shape[:2]) // ENOUGH_ROWS)  # every few pixels are enough for a thumbnail
        thumbnail = cv2.resize(coarse(picture, step), (THUMBNAIL, THUMBNAIL), interpolation=cv2.INTER_AREA).astype(
            np.float32
        )
        if self._current >= 0:
            self.changed = np.abs(thumbnail - self._last_of[self._current]).mean(axis=-1) > CHANGED
        if self._current < 0 or _difference(thumbnail, self._last_of[self._current]) > CUT:
            self._current = self._recognize(thumbnail)
        self._last_of[self._current] = thumbnail
        return self._current

    def _recognize(self, thumbnail: NDArray[np.float32]) -> int:
        differences = [_difference(thumbnail, known) for known in self._last_of]
        if differences and min(differences) <= SAME_SCENE:
            return int(np.argmin(differences))
        self._last_of.append(thumbnail)
        return len(self._last_of) - 1


def _difference(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(np.abs(one - other).mean())
