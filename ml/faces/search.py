"""Multi-scale search for faces: the detector on the whole picture, on tiles of it, and where it changed.

The detector sees 192 x 192 pixels, so a face narrower than a fifteenth of the picture is found in a tile only. Tiles
overlap by half, so that each face of up to half a tile lies inside one. The tiled search costs one detection a tile
and runs at growing intervals while it finds nothing new.
"""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.faces.detector import FaceDetector
from ml.faces.geometry import Region
from ml.media.planes import ColorSource, part

TILE_SHARE: Final = 0.6
"""Side of a tile, relative to the picture's short side."""
MIN_TILE_PX: Final = 192
FIRST_INTERVAL_S: Final = 5.0
LONGEST_INTERVAL_S: Final = 20.0
"""The interval between two tiled searches is doubled up to this while they find nothing new."""
SHORTEST_INTERVAL_S: Final = 2.0
"""Shortest interval between two tiled searches, also with a cut in every frame."""
MIN_REGION_PX: Final = 36.0
"""Smallest region of the mesh that is searched on: a face of 24 pixels."""
CHANGED_CELLS: Final = (3, 128)
"""Number of changed cells of the picture (of 256) that are searched: fewer are noise, more are a cut."""
AROUND_FACE: Final = 1.0
"""Changes that are nearer to a known face than this, in widths of its region, are that person's."""


class FaceSearch:
    """Where the faces of single pictures are, as regions for the mesh."""

    def __init__(self, *, tiled: bool) -> None:
        """``tiled``: whether the tiled search is used at all."""
        self._detector = FaceDetector()
        self._interval_s = FIRST_INTERVAL_S
        self._tiles_at_s = -LONGEST_INTERVAL_S if tiled else float("inf")

    def whole(self, picture: ColorSource) -> list[Region]:
        """The faces of the whole picture, best score first."""
        return [found.region for found in self._detector.detect(picture)]

    def tiles_due(self, at_s: float, *, is_cut: bool) -> bool:
        return at_s - self._tiles_at_s >= (SHORTEST_INTERVAL_S if is_cut else self._interval_s)

    def tiles(self, picture: ColorSource, at_s: float) -> list[Region]:
        """The faces of all tiles; the same face may be found twice. Tell :meth:`found` whether any was new."""
        self._tiles_at_s = at_s
        height, width = picture.shape[:2]
        side = min(min(height, width), max(MIN_TILE_PX, round(TILE_SHARE * min(height, width))))
        corners = [(left, top) for top in _steps(height, side) for left in _steps(width, side)]
        return [region for left, top in corners for region in self._within(picture, left, top, side, side)]

    def found(self, *, is_new: bool) -> None:
        """Sets the interval to the next tiled search by what this one found."""
        self._interval_s = FIRST_INTERVAL_S if is_new else min(LONGEST_INTERVAL_S, 2 * self._interval_s)

    def changed(self, picture: ColorSource, cells: NDArray[np.bool_], known: Sequence[Region]) -> list[Region]:
        """The faces where the picture changed, as when a tile appears in a call. ``cells``:
        :attr:`ml.faces.scenes.Scenes.changed`. Changes around the ``known`` faces do not count."""
        height, width = picture.shape[:2]
        rows, columns = np.nonzero(cells)
        if not CHANGED_CELLS[0] <= len(rows) <= CHANGED_CELLS[1]:
            return []
        cell_x, cell_y = width / cells.shape[1], height / cells.shape[0]
        x, y = (columns + 0.5) * cell_x, (rows + 0.5) * cell_y
        is_new = np.ones(len(rows), np.bool_)
        for region in known:
            reach = AROUND_FACE * region.size
            is_new &= (np.abs(x - region.x) > reach) | (y < region.y - reach)  # below a face is its body
        if is_new.sum() < CHANGED_CELLS[0]:
            return []
        left, right = int(x[is_new].min() - cell_x), int(x[is_new].max() + cell_x)
        top, bottom = int(y[is_new].min() - cell_y), int(y[is_new].max() + cell_y)
        left, top = max(0, left), max(0, top)
        return list(self._within(picture, left, top, min(width, right) - left, min(height, bottom) - top))

    def _within(self, picture: ColorSource, left: int, top: int, width: int, height: int) -> Iterator[Region]:
        for detection in self._detector.detect(part(picture, left, top, width, height)):
            region = detection.region
            if region.size >= MIN_REGION_PX:
                yield Region(region.x + left, region.y + top, region.size, region.angle)


def _steps(length: int, side: int) -> list[int]:
    """Starts of tiles of this side that cover the length and overlap by half or more."""
    count = 1 + -(-2 * (length - side) // side)
    return [round(i * (length - side) / max(1, count - 1)) for i in range(count)]
