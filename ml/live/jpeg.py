"""JPEG frames from a browser. The size in the header is checked before decoding: a few bytes can declare a picture of
gigabytes."""

import struct
from typing import Final

import cv2
import numpy as np

from ml.arrays import UInt8

MAX_SIDE: Final = 1280
MIN_SIDE: Final = 64
# Start-of-frame markers that carry the size: baseline, extended and progressive Huffman.
_FRAME_MARKERS: Final = frozenset({0xC0, 0xC1, 0xC2})
# Markers without a length: TEM and the restart markers.
_BARE_MARKERS: Final = frozenset({0x01, *range(0xD0, 0xD8)})


class InvalidFrame(ValueError):
    """The frame cannot be decoded. ``str(error)`` is a sentence."""


def decode(jpeg: bytes) -> UInt8:
    """RGB uint8 (H, W, 3) of a JPEG. Raises :class:`InvalidFrame`."""
    width, height = size_of(jpeg)
    if max(width, height) > MAX_SIDE or min(width, height) < MIN_SIDE:
        raise InvalidFrame(f"A frame of {width} x {height} pixels cannot be analysed.")
    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise InvalidFrame("A frame could not be decoded.") from error
    if picture is None:
        raise InvalidFrame("A frame could not be decoded.")
    return np.asarray(picture, dtype=np.uint8)


def size_of(jpeg: bytes) -> tuple[int, int]:
    """(width, height) in the header. Raises :class:`InvalidFrame`."""
    if jpeg[:2] != b"\xff\xd8":
        raise InvalidFrame("A frame is not a JPEG.")
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF or marker in _BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
        elif marker in _FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return width, height
        else:
            at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    raise InvalidFrame("A frame is not a complete JPEG.")
