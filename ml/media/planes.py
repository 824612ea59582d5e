"""A large picture in its planes of luma and chroma, converted to RGB or grey only where it is looked at.

Recognisers see small cuts of a picture, and shrinking and converting all of it costs as much as decoding it. A cut
samples the three planes and converts the samples. Rotation, pixel aspect and the bound on the size are part of the
coordinates.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import cv2
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Interpolation

from ml.arrays import Float64, UInt8

FORMATS: Final = frozenset({"yuv420p", "yuvj420p"})
"""Pixel formats that are sampled. Others are converted as a whole."""
BT_709: Final = 1
"""Number of this colour matrix in ITU-T H.273. Everything else is taken for BT.601, as the decoder's library does."""
LUMA_WEIGHTS: Final = {True: (0.2126, 0.0722), False: (0.299, 0.114)}
"""Weights of red and blue in luma, of BT.709 and of BT.601."""
HALVED_FROM: Final = 4.0
"""A picture that is shrunk by this or more is halved before."""
GRAY_WEIGHTS: Final = np.array([0.299, 0.587, 0.114])
"""Weights of red, green and blue in grey, as ``cv2.cvtColor`` has them."""


@dataclass(frozen=True, eq=False)
class Planes:
    """A picture of :data:`FORMATS`, upright, with square pixels.

    ``width`` and ``height`` as displayed. ``quarter_turns``: counterclockwise, from the stored picture to the upright
    one. Coordinates are pixels of the upright picture.
    """

    frame: VideoFrame
    width: int
    height: int
    quarter_turns: int

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of the RGB picture (H, W, 3)."""
        return self.height, self.width, 3

    @property
    def gray(self) -> "GrayPlanes":
        return GrayPlanes(self)  # not kept: a cycle would hold the decoder's buffers until the next garbage collection

    @property
    def density(self) -> float:
        """Stored pixels per pixel of the upright picture, in the denser direction."""
        return float(np.abs(self._to_stored[:, :2]).max())

    def sample(self, to_picture: Float64, size: tuple[int, int]) -> UInt8:
        """RGB (h, w, 3) on a grid of ``size`` (w, h), bilinear. ``to_picture``: 2x3, from the grid to the picture. The
        frame's edge is repeated outside."""
        return np.asarray(cv2.transform(self.sample_planes(to_picture, size), self.to_rgb), np.uint8)

    def sample_planes(self, to_picture: Float64, size: tuple[int, int]) -> UInt8:
        """Luma and chroma (h, w, 3), as :meth:`sample`."""
        width, height = size
        matrix = _chained(self._to_stored, to_picture)
        halved = (width + 1) // 2, (height + 1) // 2
        # A sample of chroma lies in the middle of four samples of luma, on both sides.
        chroma_matrix = _chained(_CHROMA, _chained(matrix, _FROM_HALVED))
        luma = _sampled(self._planes[0], matrix, size)
        chroma = (
            cv2.resize(_sampled(plane, chroma_matrix, halved), size, interpolation=cv2.INTER_LINEAR)
            for plane in self._planes[1:]
        )
        return np.asarray(cv2.merge([luma, *chroma]), np.uint8)

    def rgb(self) -> UInt8:
        """The whole picture (H, W, 3)."""
        return self.part(0, 0, self.width, self.height)

    def part(self, left: int, top: int, width: int, height: int) -> UInt8:
        """RGB (height, width, 3) of a rectangle inside the picture."""
        return self.sample(np.array([[1.0, 0, left], [0, 1, top]]), (width, height))

    def shrunk(self, size: tuple[int, int]) -> UInt8:
        """RGB of the whole picture at this (w, h), each pixel the mean of an area."""
        width, height = size if self.quarter_turns % 2 == 0 else size[::-1]
        small = self.frame.reformat(
            width=width, height=height, format="rgb24", interpolation=Interpolation.AREA, threads=1
        )
        rgb = np.asarray(small.to_ndarray(), np.uint8)
        return np.ascontiguousarray(np.rot90(rgb, self.quarter_turns)) if self.quarter_turns else rgb

    def coarse(self, step: int) -> UInt8:
        """RGB of every ``step``-th pixel of the upright picture, in both directions."""
        grid = np.array([[float(step), 0, 0], [0, step, 0]])
        return self.sample(grid, (-(-self.width // step), -(-self.height // step)))

    @cached_property
    def to_rgb(self) -> Float64:
        """3x4 from (luma, chroma, 1) to RGB, 0..255 all."""
        red, blue = LUMA_WEIGHTS[int(self.frame.colorspace) == BT_709]
        green = 1 - red - blue
        is_full = self.frame.format.name == "yuvj420p" or int(self.frame.color_range) == ColorRange.JPEG
        luma, chroma, black = (1.0, 1.0, 0.0) if is_full else (255 / 219, 255 / 224, 16.0)
        of_v = 2 * (1 - red) * chroma
        of_u = 2 * (1 - blue) * chroma
        linear = np.array(
            [
                [luma, 0.0, of_v],
                [luma, -of_u * blue / green, -of_v * red / green],
                [luma, of_u, 0.0],
            ]
        )
        return np.column_stack([linear, -linear @ np.array([black, 128.0, 128.0])])

    @cached_property
    def _planes(self) -> tuple[UInt8, ...]:
        """Views of the decoder's buffers: luma (H, W), and the two of chroma with half the size."""
        height, width = self.frame.height, self.frame.width
        sizes = ((height, width), *(((height + 1) // 2, (width + 1) // 2),) * 2)
        return tuple(
            np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[:rows, :columns]
            for plane, (rows, columns) in zip(self.frame.planes, sizes, strict=True)
        )

    @cached_property
    def _to_stored(self) -> Float64:
        """2x3 from pixels of the upright picture to stored ones."""
        turns = self.quarter_turns
        width, height = (self.width, self.height) if turns % 2 == 0 else (self.height, self.width)
        last_x, last_y = width - 1.0, height - 1.0
        # np.rot90 puts the stored pixel (x, y) at (y, last_x - x), and so on with every turn.
        turned = (
            [[1.0, 0, 0], [0, 1, 0]],
            [[0, -1.0, last_x], [1, 0, 0]],
            [[-1.0, 0, last_x], [0, -1, last_y]],
            [[0, 1.0, 0], [-1, 0, last_y]],
        )[turns]
        across, down = self.frame.width / width, self.frame.height / height
        stored = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2]])
        return _chained(stored, np.array(turned))


class GrayPlanes:
    """The same picture in grey: 0.299 red, 0.587 green, 0.114 blue."""

    def __init__(self, planes: Planes) -> None:
        self._planes = planes
        self.shape = planes.shape[:2]
        self.density = planes.density
        self._weights = GRAY_WEIGHTS[np.newaxis] @ planes.to_rgb

    def sample(self, to_picture: Float64, size: tuple[int, int]) -> UInt8:
        """Grey (h, w), as :meth:`Planes.sample`."""
        return np.asarray(cv2.transform(self._planes.sample_planes(to_picture, size), self._weights), np.uint8)


ColorSource = UInt8 | Planes
"""A picture in colour: RGB (H, W, 3), or planes."""
Source = UInt8 | Planes | GrayPlanes
"""A picture to look at: an array, RGB (H, W, 3) or grey (H, W), or planes."""

_CHROMA: Final = np.array([[0.5, 0, -0.25], [0, 0.5, -0.25]])
"""From pixels of luma to those of chroma."""
_FROM_HALVED: Final = np.array([[2.0, 0, 0.5], [0, 2, 0.5]])
"""From pixels of a grid of half the size to those of the grid."""


def _chained(outer: Float64, inner: Float64) -> Float64:
    """The 2x3 map that applies ``inner`` first."""
    linear = outer[:, :2] @ inner[:, :2]
    return np.column_stack([linear, outer[:, :2] @ inner[:, 2] + outer[:, 2]])


def sample(picture: Source, to_picture: Float64, size: tuple[int, int]) -> UInt8:
    """The picture on a grid of ``size`` (w, h): as :meth:`Planes.sample`, of arrays as well."""
    return _sampled(picture, to_picture, size) if isinstance(picture, np.ndarray) else picture.sample(to_picture, size)


def gray_of(picture: ColorSource) -> UInt8 | GrayPlanes:
    """An RGB picture in grey."""
    if isinstance(picture, Planes):
        return picture.gray
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)


def coarse(picture: ColorSource, step: int) -> UInt8:
    """RGB of every ``step``-th pixel of an RGB picture, in both directions."""
    return picture.coarse(step) if isinstance(picture, Planes) else np.ascontiguousarray(picture[::step, ::step])


def part(picture: ColorSource, left: int, top: int, width: int, height: int) -> UInt8:
    """A rectangle inside an RGB picture (height, width, 3)."""
    if isinstance(picture, Planes):
        return picture.part(left, top, width, height)
    return picture[top : top + height, left : left + width]


def whole(picture: ColorSource) -> UInt8:
    """All of the picture as an array."""
    return picture.rgb() if isinstance(picture, Planes) else picture


def shrunk(picture: ColorSource, size: tuple[int, int]) -> UInt8:
    """The whole picture, RGB or grey, at this smaller (w, h), each pixel the mean of an area."""
    if isinstance(picture, Planes):
        return picture.shrunk(size)
    height, width = picture.shape[:2]
    if min(width / size[0], height / size[1]) >= HALVED_FROM and width % 2 == height % 2 == 0:
        # Means of four pixels are fast. Means of areas whose sides are no whole numbers take five times as long.
        halved = width // 2, height // 2
        picture = np.asarray(cv2.resize(picture, halved, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _sampled(plane: UInt8, matrix: Float64, size: tuple[int, int]) -> UInt8:
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(plane, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)
