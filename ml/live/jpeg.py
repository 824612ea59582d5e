"""JPEG frames from a browser (ITU-T T.81). The header is parsed before anything is decoded: a few bytes can declare a
picture of gigabytes, or a thousand scans of it."""

import struct
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from ml.arrays import UInt8

MAX_SIDE: Final = 1280
MIN_SIDE: Final = 64
MAX_SCANS: Final = 32
"""Progressive pictures have about ten. Every scan goes over the whole picture, however few its bytes are."""

_BASELINE, _PROGRESSIVE = 0xC0, 0xC2
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Start of frame, of every kind. The three others in the range are tables and a reserved marker."""
_SCAN: Final = 0xDA
_WITHOUT_LENGTH: Final = frozenset({0x00, 0x01, *range(0xD0, 0xDA)})
"""Not a marker, TEM, restarts, and the start and end of another picture: none of them stands in a header."""
_FRAME_HEADER: Final = struct.Struct(">BHHB")


class InvalidFrame(ValueError):
    """The frame cannot be decoded. ``str(error)`` is a sentence."""


@dataclass(frozen=True, slots=True)
class Header:
    """``width`` and ``height`` in pixels; ``components``: 1 (grey) or 3."""

    width: int
    height: int
    components: int


def decode(jpeg: bytes) -> UInt8:
    """RGB uint8 (H, W, 3) of a JPEG. Raises :class:`InvalidFrame`."""
    header = header_of(jpeg)
    width, height = header.width, header.height
    if max(width, height) > MAX_SIDE or min(width, height) < MIN_SIDE:
        raise InvalidFrame(f"A frame of {width} x {height} pixels cannot be analysed.")
    try:
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise InvalidFrame("A frame could not be decoded.") from error
    if picture is None or picture.shape != (height, width, 3):
        raise InvalidFrame("A frame could not be decoded.")
    return np.asarray(picture, dtype=np.uint8)


def header_of(jpeg: bytes) -> Header:
    """The frame header: exactly one before the first scan, baseline or progressive. Raises :class:`InvalidFrame`."""
    if jpeg[:2] != b"\xff\xd8":
        raise InvalidFrame("A frame is not a JPEG.")
    # In a scan, 0xFF is followed by 0 or a restart; so these two bytes begin a scan, or stand in a comment.
    if jpeg.count(bytes((0xFF, _SCAN))) > MAX_SCANS:
        raise InvalidFrame("A frame has more scans than a picture needs.")
    header: Header | None = None
    at = 2
    while at + 4 <= len(jpeg) and jpeg[at] == 0xFF:
        marker = jpeg[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == _SCAN:
            if header is None:
                break
            return header
        length = int.from_bytes(jpeg[at + 2 : at + 4], "big")
        if marker in _WITHOUT_LENGTH or length < 2:
            break
        if marker in _FRAMES:
            if header is not None or marker not in (_BASELINE, _PROGRESSIVE):
                raise InvalidFrame("A frame is a kind of JPEG that no browser makes.")
            header = _frame_header(jpeg[at + 4 : at + 2 + length])
        at += 2 + length
    raise InvalidFrame("A frame is not a complete JPEG.")


def _frame_header(segment: bytes) -> Header:
    if len(segment) < _FRAME_HEADER.size:
        raise InvalidFrame("A frame is not a complete JPEG.")
    precision, height, width, components = _FRAME_HEADER.unpack_from(segment)
    if len(segment) != _FRAME_HEADER.size + 3 * components:
        raise InvalidFrame("A frame is not a complete JPEG.")
    if precision != 8 or components not in (1, 3) or not width or not height:
        raise InvalidFrame("A frame is a kind of JPEG that no browser makes.")
    return Header(width, height, components)
