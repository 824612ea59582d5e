"""The storage of media in an S3-compatible object store. Files are read by ranges and sent by Candor itself: a signed
address of the store would work for whoever has it, without asking who they are, and browsers keep using it (Chromium
asks for further ranges where a redirect has led).
"""

import io
from typing import Any, Final

from botocore.config import Config
from django.core.files import File
from storages.backends.s3 import S3Storage

from interviews.sized_reader import SizedReader

BLOCK_BYTES: Final = 1024**2
"""How much of a file is asked for at once, and the memory that an open file takes."""
TIMEOUTS: Final = Config(connect_timeout=5, read_timeout=30)


class ObjectStore(S3Storage):  # type: ignore[misc]  # it has no types
    """A file that is opened costs one request for its size, and one for every block that is read."""

    client_config: Any

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(TIMEOUTS)

    def url(self, name: str, *args: Any, **options: Any) -> str:
        raise NotImplementedError("No address of the object store is given away.")

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        file = super()._open(name, mode)  # raises FileNotFoundError
        return file if "w" in mode else _Opened(file.obj, name)


class _Opened(File):  # type: ignore[type-arg]  # Django's class takes none at run time
    def __init__(self, stored: Any, name: str) -> None:
        self._stored = stored
        super().__init__(self._from_start(), name)

    def open(self, mode: str | None = None, *args: Any, **options: Any) -> "_Opened":
        if self.closed:
            self.file = self._from_start()
        self.seek(0)
        return self

    def _from_start(self) -> io.BufferedReader:
        return io.BufferedReader(_Ranges(self._stored), BLOCK_BYTES)


class _Ranges(SizedReader):
    """The content of a stored object (boto3's ``Object``); every read is a request of its own, so that a viewer who
    pauses holds no connection."""

    def __init__(self, stored: Any) -> None:
        super().__init__(stored.content_length)
        self._stored = stored

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        last = min(self._position + len(buffer), self._size) - 1
        if last < self._position:
            return 0
        answer = self._stored.get(Range=f"bytes={self._position}-{last}")
        with answer["Body"] as body:
            part = body.read()
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)
