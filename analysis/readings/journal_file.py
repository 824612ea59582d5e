"""The file of a room's journal, held by the web process, because workers have no files. Standard library only."""

import os
from pathlib import Path
from typing import Final

MAX_READ_BYTES: Final = 12 * 1024**2
"""How much of the end of a journal a worker gets: more than three hours of readings have."""


class JournalFile:
    """Appends whole lines. Raises ``OSError`` where it cannot."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> bytes:
        """What has been written so far, from its end; empty when there is nothing."""
        try:
            with self._path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - MAX_READ_BYTES))
                return file.read()
        except FileNotFoundError:
            return b""

    def erase(self) -> None:
        self._path.unlink(missing_ok=True)

    def append(self, text: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(text)
