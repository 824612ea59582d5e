"""From decoded frames to arrays: upright, square pixels, bounded size, standard dynamic range."""

from fractions import Fraction
from typing import Final

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from ml.arrays import UInt8
from ml.media.geometry import quarter_turns_of, transfer_of
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

    def __call__(self, frame: VideoFrame) -> UInt8:
        width, height = frame.width * self._pixel_aspect, float(frame.height)
        scale = min(1.0, LONG_SIDE / max(width, height))
        shown = self._reformatter.reformat(
            frame,
            width=max(2, round(width * scale)),
            height=max(2, round(height * scale)),
            format="rgb24",
            interpolation=Interpolation.AREA if scale < 1 else Interpolation.BILINEAR,
        )
        rgb: UInt8 = np.asarray(shown.to_ndarray(), dtype=np.uint8)
        transfer = transfer_of(frame)
        if transfer != "sdr":
            rgb = tone_mapped(rgb, transfer)
        quarter_turns = quarter_turns_of(frame)
        return np.ascontiguousarray(np.rot90(rgb, quarter_turns) if quarter_turns else rgb)
