"""JPEG frames from a browser, looked at before they are decoded: a few bytes can claim a picture of gigabytes."""

import struct
from typing import Final

import cv2
import numpy as np

from ml.faces.geometry import Picture

LONGEST_SIDE: Final = 1280
SHORTEST_SIDE: Final = 64
# Start-of-frame markers that carry the size: baseline, extended and progressive Huffman.
_SIZES: Final = frozenset({0xC0, 0xC1, 0xC2})
_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD8)})


class BadPicture(ValueError):
    """Not a frame that can be read; ``str(error)`` is a sentence."""


def decode(jpeg: bytes) -> Picture:
    """RGB uint8 (H, W, 3) of a JPEG; raises :class:`BadPicture`."""
    width, height = size_of(jpeg)
    if max(width, height) > LONGEST_SIDE or min(width, height) < SHORTEST_SIDE:
        raise BadPicture(f"A frame of {width} x {height} pixels cannot be analysed.")
    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise BadPicture("A frame could not be decoded.") from error
    if picture is None:
        raise BadPicture("A frame could not be decoded.")
    return np.asarray(picture, dtype=np.uint8)


def size_of(jpeg: bytes) -> tuple[int, int]:
    """(width, height) as the header says; raises :class:`BadPicture`."""
    if jpeg[:2] != b"\xff\xd8":
        raise BadPicture("A frame is not a JPEG.")
    at = 2
    while at + 9 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
        elif marker in _SIZES:
            height, width = struct.unpack_from(">HH", jpeg, at + 5)
            return width, height
        else:
            at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    raise BadPicture("A frame is not a complete JPEG.")
