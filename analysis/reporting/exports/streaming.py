"""A ZIP file that is written while it is sent, so that gigabytes of recording need no memory and no disk."""

from __future__ import annotations

import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO, Final

BLOCK_BYTES: Final = 256 * 1024

Entry = tuple[str, bytes | Callable[[], BinaryIO]]
"""A file's name, with its bytes or with what opens it. One that is gone by then is left out."""


class _Sink:
    """What has been written and not been taken yet; it cannot seek, so that the ZIP is written in one go."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._blocks.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._blocks = b"".join(self._blocks), []
        return taken


def archive_stream(entries: Iterable[Entry]) -> Iterator[bytes]:
    """The ZIP file of ``entries``, block by block. Texts are compressed; recordings, which are already, are not."""
    sink, now = _Sink(), time.localtime()[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            if isinstance(content, bytes):
                archive.writestr(name, content)
                yield sink.take()
                continue
            try:
                file = content()
            except FileNotFoundError:
                continue
            with file, archive.open(zipfile.ZipInfo(name, now), "w", force_zip64=True) as target:
                while block := file.read(BLOCK_BYTES):
                    target.write(block)
                    yield sink.take()
    yield sink.take()
