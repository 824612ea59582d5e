"""Messages between the web process and its workers: a head of JSON and a body of bytes, each with its length."""

import asyncio
import json
import struct
from typing import Any, BinaryIO, Final

_LENGTHS: Final = struct.Struct("<II")
LARGEST_BYTES: Final = 16 * 1024**2

Head = dict[str, Any]


class PipeBroken(Exception):
    """The other end has closed the pipe, or sent a malformed message."""


def pack(head: Head, body: bytes = b"") -> bytes:
    text = json.dumps(head, separators=(",", ":"), allow_nan=False).encode()
    return _LENGTHS.pack(len(text), len(body)) + text + body


def read(stream: BinaryIO) -> tuple[Head, bytes] | None:
    """The next message; None at the end. Raises :class:`PipeBroken`."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_bytes, body_bytes = _checked(lengths)
    data = stream.read(head_bytes + body_bytes)
    if len(data) < head_bytes + body_bytes:
        return None
    return json.loads(data[:head_bytes]), data[head_bytes:]


async def read_async(stream: asyncio.StreamReader) -> tuple[Head, bytes]:
    """The next message; raises :class:`PipeBroken`, also at the end."""
    try:
        head_bytes, body_bytes = _checked(await stream.readexactly(_LENGTHS.size))
        head = json.loads(await stream.readexactly(head_bytes))
        return head, await stream.readexactly(body_bytes) if body_bytes else b""
    except (asyncio.IncompleteReadError, ConnectionError, ValueError) as error:
        raise PipeBroken(str(error)) from error


def _checked(lengths: bytes) -> tuple[int, int]:
    head_bytes, body_bytes = _LENGTHS.unpack(lengths)
    if head_bytes + body_bytes > LARGEST_BYTES:
        raise PipeBroken(f"a message of {head_bytes + body_bytes} bytes")
    return head_bytes, body_bytes
