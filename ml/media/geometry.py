"""The geometry of pictures: pixel aspect, rotation and size as displayed, and the transfer function."""

from fractions import Fraction
from typing import Final

from av.video.frame import VideoFrame
from av.video.stream import VideoStream

WIDEST_PIXEL: Final = 4
"""Pixels wider or higher than this times the other side are an error of the header and are taken as square."""
TRANSFERS: Final = {16: "pq", 18: "hlg"}
"""Transfer functions of HDR, by their number in ITU-T H.273."""


def pixel_aspect_of(stream: VideoStream) -> Fraction:
    """Width over height of one stored pixel."""
    aspect = stream.sample_aspect_ratio
    if not aspect or not Fraction(1, WIDEST_PIXEL) <= aspect <= WIDEST_PIXEL:
        return Fraction(1)
    return Fraction(aspect)


def quarter_turns_of(frame: VideoFrame) -> int:
    """Quarter turns counterclockwise, 0 to 3, that bring the stored picture upright."""
    return round(frame.rotation / 90) % 4


def transfer_of(frame: VideoFrame) -> str:
    """``pq`` and ``hlg`` are HDR, everything else is ``sdr``."""
    return TRANSFERS.get(int(frame.color_trc), "sdr")


def displayed_size(frame: VideoFrame, pixel_aspect: Fraction) -> tuple[int, int]:
    """(width, height) in square pixels, upright."""
    width, height = round(frame.width * pixel_aspect), frame.height
    return (height, width) if quarter_turns_of(frame) % 2 else (width, height)
