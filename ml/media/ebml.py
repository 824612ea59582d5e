"""The outermost elements of Matroska files."""

import mmap
from collections.abc import Iterator
from typing import Final

EBML: Final = b"\x1a\x45\xdf\xa3"
"""The first bytes of a Matroska file."""
SEGMENT: Final = b"\x18\x53\x80\x67"


def documents(content: "bytes | mmap.mmap") -> Iterator[int]:
    """The first byte of each of the files that lie one after the other. One without a size, as live recorders write
    them, ends where the next one begins."""
    position = 0
    while (segment := _segment(content, position)) is not None:
        yield position
        end = _end(content, segment)
        position = end if end is not None else content.find(EBML, segment)
        while end is None and position != -1 and _segment(content, position) is None:
            position = content.find(EBML, position + 1)


def _segment(content: "bytes | mmap.mmap", position: int) -> int | None:
    """Where the contents of the file begin that begins here; None where none does."""
    if position < 0 or content[position : position + 4] != EBML:
        return None
    segment = _end(content, position)
    return segment if segment is not None and content[segment : segment + 4] == SEGMENT else None


def _end(content: "bytes | mmap.mmap", element: int) -> int | None:
    """The end of an element with a name of four bytes, None where it has no size."""
    first = content[element + 4] if element + 4 < len(content) else 0
    length = 9 - first.bit_length()  # of the size's own bytes, up to 8
    if length > 8:
        return None
    value = int.from_bytes(content[element + 4 : element + 4 + length], "big")
    size = value & ((1 << (7 * length)) - 1)
    return None if size == (1 << (7 * length)) - 1 else element + 4 + length + size
