"""From decoded frames to pictures: upright, square pixels, bounded size, standard dynamic range."""

from fractions import Fraction
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from ml.arrays import UInt8
from ml.media.geometry import quarter_turns_of, transfer_of
from ml.media.planes import FORMATS, ColorSource, Planes
from ml.media.tone_mapping import tone_mapped

LONG_SIDE: Final = 1280
"""Longest side of a converted frame, in pixels: enough for a face that fills a tenth of the height."""


class Converter:
    """Converts frames to uint8 RGB (H, W, 3). Shrinking comes first, to save the rest.

    ``pixel_aspect`` is width over height of a stored pixel. A frame of another size than the one before is converted
    at its own size, without distortion.
    """

    def __init__(self, pixel_aspect: Fraction = Fraction(1)) -> None:
        self._reformatter = VideoReformatter()
        self._pixel_aspect = float(pixel_aspect)

    def picture(self, frame: VideoFrame) -> ColorSource:
        """A large frame in its own planes where they can be sampled, else RGB as :meth:`__call__` gives it: to convert
        a frame that need not be shrunk costs no more than its cuts."""
        width, height = self._size(frame)
        is_large = max(frame.width * self._pixel_aspect, frame.height) > LONG_SIDE
        if not is_large or frame.format.name not in FORMATS or transfer_of(frame) != "sdr":
            return self(frame)
        quarter_turns = quarter_turns_of(frame)
        return Planes(frame, *((width, height) if quarter_turns % 2 == 0 else (height, width)), quarter_turns)

    def __call__(self, frame: VideoFrame) -> UInt8:
        width, height = self._size(frame)
        shown = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format="rgb24",
            interpolation=Interpolation.AREA if height < frame.height else Interpolation.BILINEAR,
            threads=1,  # the pipeline's own threads are its parallelism
        )
        rgb: UInt8 = np.asarray(shown.to_ndarray(), dtype=np.uint8)
        transfer = transfer_of(frame)
        if transfer != "sdr":
            rgb = tone_mapped(rgb, transfer)
        quarter_turns = quarter_turns_of(frame)
        return np.ascontiguousarray(np.rot90(rgb, quarter_turns) if quarter_turns else rgb)

    def _size(self, frame: VideoFrame) -> tuple[int, int]:
        """(width, height) with square pixels, bounded, before rotation."""
        width, height = frame.width * self._pixel_aspect, float(frame.height)
        scale = min(1.0, LONG_SIDE / max(width, height))
        return max(2, round(width * scale)), max(2, round(height * scale))
