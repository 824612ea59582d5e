"""The outermost boxes of mp4 files."""

from collections.abc import Iterator
from pathlib import Path


def boxes(path: Path) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of the boxes of an mp4 file, one after the other; those of other files make no sense."""
    size = path.stat().st_size
    position = 0
    with path.open("rb") as file:
        while position + 8 <= size:
            file.seek(position)
            header = file.read(16)
            length, kind = int.from_bytes(header[:4], "big"), header[4:8]
            if length == 1:
                length = int.from_bytes(header[8:16], "big")
            elif length == 0:
                length = size - position
            yield kind, position, position + length
            if length < 8:
                return
            position += length
