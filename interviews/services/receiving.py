"""Writing a request's body to the disk: block by block, up to a limit, and with refusals where the disk is full."""

import errno
import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

BLOCK_BYTES: Final = 256 * 1024
SPARE_BYTES: Final = 64 * 1024**2
"""Space that stays free on the disk, for the database and the timelines."""
DISK_FULL: Final = "The server's disk is full, so the recording could not be stored. Tell your administrator."


class BodyTooLong(Exception):
    """More bytes arrived than the limit allows."""


def body_write(
    body: BinaryIO, file: BinaryIO, *, limit_bytes: int, on_block: Callable[[bytes], object] | None = None
) -> int:
    """Copy ``body`` to ``file`` and flush it; returns the number of bytes.

    ``on_block`` is called with each block before it is written. Raises :class:`BodyTooLong` as soon as more than
    ``limit_bytes`` have arrived; earlier blocks are then in the file.
    """
    written = 0
    for block in body_blocks(body, limit_bytes=limit_bytes, on_block=on_block):
        written += file.write(block)
    file.flush()
    return written


def body_blocks(
    body: BinaryIO, *, limit_bytes: int, on_block: Callable[[bytes], object] | None = None
) -> Iterator[bytes]:
    """The blocks of ``body``; as :func:`body_write` without a file."""
    left = limit_bytes
    while block := body.read(BLOCK_BYTES):
        left -= len(block)
        if left < 0:
            raise BodyTooLong
        if on_block is not None:
            on_block(block)
        yield block


def space_require(folder: Path, size_bytes: int, *, field: str) -> None:
    """Raises ``ValidationError`` (``field``) unless ``size_bytes`` and :data:`SPARE_BYTES` are free."""
    if shutil.disk_usage(folder).free < size_bytes + SPARE_BYTES:
        raise ValidationError({field: DISK_FULL})


@contextmanager
def disk_full_refused(*, field: str) -> Iterator[None]:
    """Turn the errors of a full disk, and of a used-up quota, into ``ValidationError`` (``field``)."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise
        logger.error("The disk is full: %s", error)
        raise ValidationError({field: DISK_FULL}) from error
