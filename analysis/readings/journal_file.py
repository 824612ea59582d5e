"""The file of a room's journal, held by the web process, because workers have no files. With a key its lines are
encrypted as they are written, one piece a call (:mod:`interviews.media_encryption.pieces`)."""

import fcntl
import os
from pathlib import Path
from typing import Final

from interviews.media_encryption.pieces import piece_append, pieces_end, pieces_read

MAX_READ_BYTES: Final = 12 * 1024**2
"""How much of the end of a journal a worker gets: more than three hours of readings have."""


class JournalFile:
    """Appends whole lines. ``key``: None where the file is not encrypted. Raises ``OSError`` where it cannot."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self._path, self._key = path, key
        self._is_begun = path.exists()
        self._end = (0, 0)

    def read(self, limit_bytes: int = MAX_READ_BYTES) -> bytes:
        """What has been written so far, from its end; empty when there is nothing."""
        try:
            with self._path.open("rb") as file:
                if self._key is not None:
                    return b"".join(pieces_read(file, self._key))[-limit_bytes:]
                file.seek(max(0, file.seek(0, os.SEEK_END) - limit_bytes))
                return file.read()
        except FileNotFoundError:
            return b""

    def erase(self) -> None:
        self._path.unlink(missing_ok=True)

    def append(self, text: str) -> None:
        """Write ``text`` at the end, unless somebody has taken the file away since it was begun."""
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        begins = 0 if self._is_begun else os.O_CREAT
        try:
            descriptor = os.open(self._path, os.O_RDWR | begins, 0o600)
        except FileNotFoundError:
            return
        self._is_begun = True
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # the candidate's page may be open twice
            if self._key is None:
                file.seek(0, os.SEEK_END)
                file.write(text.encode())
            else:
                piece_append(file, self._key, [text.encode()], after=self._end)
                self._end = pieces_end(file, after=self._end)
