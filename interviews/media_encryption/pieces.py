"""Files that arrive piece by piece, each piece encrypted as it arrives, so that a broken connection costs one piece.

A piece is a header and a file in the format of :mod:`interviews.media_encryption.files`. The header has
:data:`MAGIC`, a random salt and the length of the content, which is written last: a piece without one did not arrive.
The key of a piece is derived (HKDF) from that of the file, the salt and the piece's place. So a piece that is sent
again never shares its key with the one before, and pieces cannot be reordered or left out unnoticed.
"""

import os
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from interviews.media_encryption.files import KEY_BYTES, Damaged, decrypted, encrypted, encrypted_size

MAGIC: Final = b"candor-piece-1\r\n"
SALT_BYTES: Final = 32
LENGTH_BYTES: Final = 8
HEADER_BYTES: Final = len(MAGIC) + SALT_BYTES + LENGTH_BYTES


def pieces_end(file: BinaryIO, *, offset: int | None = None, after: tuple[int, int] = (0, 0)) -> tuple[int, int]:
    """Where whole pieces end, in the file and in its content, in bytes; with ``offset`` those before this byte of the
    content. ``after``: where some of them are known to end."""
    size_bytes = file.seek(0, os.SEEK_END)
    at, content = after
    while offset is None or content < offset:
        length = _header(file, at)[1]
        end = at + HEADER_BYTES + encrypted_size(length)
        if not length or end > size_bytes:
            break
        at, content = end, content + length
    return at, content


def piece_append(file: BinaryIO, key: bytes, blocks: Iterable[bytes], *, after: tuple[int, int] = (0, 0)) -> int:
    """Write a piece where ``file`` ends; returns the length of its content. Nothing arrived where that is 0. ``after``
    as for :func:`pieces_end`."""
    at, offset = pieces_end(file, after=after)
    salt, length = os.urandom(SALT_BYTES), 0

    def counted() -> Iterator[bytes]:
        nonlocal length
        for block in blocks:
            length += len(block)
            yield block

    file.seek(at)
    file.write(MAGIC + salt + bytes(LENGTH_BYTES))
    file.writelines(encrypted(counted(), _derived(key, salt, offset)))
    file.truncate()
    file.flush()
    file.seek(at + len(MAGIC) + SALT_BYTES)
    file.write(length.to_bytes(LENGTH_BYTES, "big"))
    file.flush()
    return length


def pieces_read(file: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The content of all whole pieces, in blocks. Raises :class:`Damaged`."""
    end, _ = pieces_end(file)
    at = offset = 0
    while at < end:
        salt, length = _header(file, at)
        size_bytes = encrypted_size(length)
        yield from decrypted(file, _derived(key, salt, offset), size_bytes=size_bytes)
        at, offset = at + HEADER_BYTES + size_bytes, offset + length


def _header(file: BinaryIO, at: int) -> tuple[bytes, int]:
    """Salt and length of the piece there; the length is 0 where none arrived whole."""
    file.seek(at)
    header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES:
        return b"", 0
    if not header.startswith(MAGIC):
        raise Damaged
    salt = header[len(MAGIC) : -LENGTH_BYTES]
    return salt, int.from_bytes(header[-LENGTH_BYTES:], "big")


def _derived(key: bytes, salt: bytes, offset: int) -> bytes:
    info = b"candor piece at %d" % offset
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)
