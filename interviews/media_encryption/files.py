"""Files encrypted in chunks with AES-256-GCM, so that a player can seek in them (the STREAM construction).

After :data:`MAGIC` come chunks of :data:`CHUNK_BYTES` of content, each with its authentication tag. The nonce is the
chunk's number and whether it is the last: chunks cannot be changed, reordered or cut off unnoticed. A key encrypts one
file, once.
"""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from interviews.sized_reader import SizedReader

MAGIC: Final = b"candor-media-1\r\n"
CHUNK_BYTES: Final = 64 * 1024
TAG_BYTES: Final = 16
KEY_BYTES: Final = 32


class Damaged(OSError):
    """An encrypted file was changed or cut off, or the key is of another file."""

    def __init__(self) -> None:
        super().__init__("This encrypted file was changed or cut off, or the key is of another file.")


def new_key() -> bytes:
    return AESGCM.generate_key(KEY_BYTES * 8)


def is_encrypted(path: Path) -> bool:
    """Whether the file begins as encrypted ones do; False for a folder and for nothing."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except (FileNotFoundError, IsADirectoryError):
        return False


def encrypted(blocks: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """The encrypted file of a content that comes in blocks of any size."""
    cipher, number, waiting = AESGCM(key), 0, bytearray()
    yield MAGIC
    for block in blocks:
        waiting += block
        while len(waiting) > CHUNK_BYTES:  # one that is exactly full may be the last
            yield cipher.encrypt(_nonce(number, is_last=False), bytes(waiting[:CHUNK_BYTES]), MAGIC)
            del waiting[:CHUNK_BYTES]
            number += 1
    yield cipher.encrypt(_nonce(number, is_last=True), bytes(waiting), MAGIC)


def decrypted(file: BinaryIO, key: bytes, *, size_bytes: int) -> Iterator[bytes]:
    """The content, chunk by chunk, of an encrypted file of ``size_bytes`` that begins where ``file`` stands."""
    cipher, left = AESGCM(key), content_size(size_bytes)
    file.seek(len(MAGIC), io.SEEK_CUR)
    last = max(0, left - 1) // CHUNK_BYTES
    for number in range(last + 1):
        data = file.read(min(CHUNK_BYTES, left) + TAG_BYTES)
        yield _opened(cipher, data, number, is_last=number == last)
        left -= CHUNK_BYTES


def encrypted_size(size_bytes: int) -> int:
    """Size of the encrypted file of a content of ``size_bytes``."""
    chunks = max(1, -(-size_bytes // CHUNK_BYTES))
    return len(MAGIC) + size_bytes + chunks * TAG_BYTES


def content_size(size_bytes: int) -> int:
    """Size of the content of an encrypted file of ``size_bytes``. Raises :class:`Damaged`."""
    chunks, rest = divmod(size_bytes - len(MAGIC), CHUNK_BYTES + TAG_BYTES)
    is_empty = (chunks, rest) == (0, TAG_BYTES)
    if not is_empty and (chunks < 0 or (chunks, rest) == (0, 0) or 0 < rest <= TAG_BYTES):
        raise Damaged
    return chunks * CHUNK_BYTES + max(0, rest - TAG_BYTES)


class DecryptedFile(SizedReader):
    """The content of an encrypted file, decrypted chunk by chunk where it is read. Reading raises :class:`Damaged`."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        super().__init__(content_size(file.seek(0, io.SEEK_END)))
        self._file, self._cipher = file, AESGCM(key)
        self._last = max(0, self._size - 1) // CHUNK_BYTES
        self._number, self._chunk = -1, b""

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self._position >= max(1, self._size):  # the chunk of an empty file is authenticated, too
            return 0
        number, start = divmod(self._position, CHUNK_BYTES)
        if number != self._number:
            self._number, self._chunk = number, self._decrypted(number)
        part = self._chunk[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _decrypted(self, number: int) -> bytes:
        self._file.seek(len(MAGIC) + number * (CHUNK_BYTES + TAG_BYTES))
        data = self._file.read(CHUNK_BYTES + TAG_BYTES)
        return _opened(self._cipher, data, number, is_last=number == self._last)


def _opened(cipher: AESGCM, data: bytes, number: int, *, is_last: bool) -> bytes:
    try:
        return cipher.decrypt(_nonce(number, is_last=is_last), data, MAGIC)
    except InvalidTag as error:
        raise Damaged from error


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
