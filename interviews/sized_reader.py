"""The seekable half of a raw reader of known size, for contents that are fetched or decrypted as they are read."""

import io


class SizedReader(io.RawIOBase):
    """A subclass reads in ``readinto`` from ``_position`` on, and moves it."""

    def __init__(self, size: int) -> None:
        self._size, self._position = size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, start + offset)
        return self._position

    def tell(self) -> int:
        return self._position
