"""Still pictures: a photo, a slide or a frozen picture shows a face, and nobody is there.

Frame differencing against a reference frame. The face's place in the picture is compared with itself in an earlier
frame, in 8 x 8 block means, which average the noise of camera and codec. It stands still while no more than a few
blocks change. The reference is replaced as soon as the place moves, and is forgotten with the track.

Over 2 s the fourth-largest change of a block, relative to the patch's standard deviation, was 0.44 or more on every
face of 16 recordings of eight people, also at 30 kbit/s after temporal noise reduction; on photos of them it was 0.14
or less in four encodings, with and without added noise.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.geometry import Region
from ml.media.planes import Source

STILL_AFTER_S: Final = 2.0
"""From this time without motion on, a face is a still picture."""
MOTION: Final = 0.2
"""Change of a block, relative to the patch's standard deviation, above which the place moves."""
BLOCKS: Final = 4
"""Number of blocks that must change by more than :data:`MOTION`."""
PATCH: Final = 16
MARGIN: Final = 1.5
"""The mesh's region is this much larger than the face; what is beside the face does not count."""
MIN_DEVIATION: Final = 8.0
"""Smallest standard deviation of a patch in gray levels that is used as it is."""


class StillPicture:
    """Whether the place of one track moves. Pictures come in the order of time."""

    def __init__(self) -> None:
        self._region: Region | None = None
        self._patch: NDArray[np.float32] = np.empty((0, 0), np.float32)
        self._since_s = 0.0
        self._at_s = 0.0

    @property
    def since_s(self) -> float | None:
        """The second since when the place stands still, or ``None`` if it moved in the last 2 s."""
        return self._since_s if self._at_s - self._since_s >= STILL_AFTER_S - 1e-6 else None

    def has_moved(self, gray: Source, at_s: float) -> bool:
        """Whether this picture differs from the reference. True without a reference."""
        if self._region is None:
            return True
        self._at_s = at_s
        return _motion(self._patch, _patch(gray, self._region)) > MOTION

    def restart(self, gray: Source, region: Region, at_s: float) -> None:
        """Makes ``region``, the mesh's region of the face in this picture, the reference."""
        self._region = Region(region.x, region.y, region.size / MARGIN, region.angle)
        self._patch = _patch(gray, self._region)
        self._since_s = self._at_s = at_s

    def resize(self, horizontal: float, vertical: float) -> None:
        """Follows a change of the picture's size by these factors."""
        if self._region is not None:
            self._region = self._region.resized(horizontal, vertical)


def _patch(gray: Source, region: Region) -> NDArray[np.float32]:
    return region.cut(gray, PATCH).astype(np.float32)


def _motion(before: NDArray[np.float32], now: NDArray[np.float32]) -> float:
    """The change that :data:`BLOCKS` blocks reach, in deviations of the patch. A change of brightness is none."""
    difference = now - before
    ordered = np.sort(difference, axis=None)  # np.median takes three times as long
    difference -= ordered[ordered.size // 2 - 1 : ordered.size // 2 + 1].mean()
    blocks = np.abs(difference.reshape(PATCH // 2, 2, PATCH // 2, 2).mean(axis=(1, 3)))
    return float(np.partition(blocks.ravel(), -BLOCKS)[-BLOCKS]) / max(MIN_DEVIATION, float(before.std()))
