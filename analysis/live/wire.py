"""Encodes and decodes the messages of the live sockets. All input from browsers is validated here."""

import math
import struct
from dataclasses import dataclass
from typing import Final, Union

import msgspec

from analysis.live import protocol
from analysis.live.messages import DIRECTIONS, Message, SignalFrom, SignalTo
from analysis.live.protocol import AUDIO, FRAME, HEADER, HEADER_BYTES, VERSION

_HEADER: Final = struct.Struct(HEADER)
_ENCODER: Final = msgspec.json.Encoder()
_DECODERS: Final[dict[str, msgspec.json.Decoder[Message]]] = {
    direction: msgspec.json.Decoder(Union[types])  # noqa: UP007  # a union of a tuple
    for direction, types in DIRECTIONS.items()
}
_DETAIL_LENGTH: Final = 200
"""Longest excerpt of a decoder's error in an answer, in characters, because it may quote the message."""

_SIGNAL_DEPTH: Final = 8
"""Deepest nesting of a signal, which the channel layer could not carry at any depth."""
_LARGEST_INTEGER: Final = 2**53 - 1


class BadMessage(Exception):
    """A message violates the protocol. ``str(error)`` is a sentence; ``close_code`` None keeps the socket open."""

    def __init__(self, sentence: str, close_code: int | None = protocol.PROTOCOL_ERROR) -> None:
        super().__init__(sentence)
        self.close_code = close_code


@dataclass(frozen=True, slots=True)
class Media:
    """One binary message: ``kind`` FRAME or AUDIO, ``rate_hz`` 0 for frames, ``captured_ms`` on the browser's clock."""

    kind: int
    sequence: int
    captured_ms: float
    rate_hz: int
    payload: bytes


def media_pack(media: Media) -> bytes:
    """The encoded message."""
    return _HEADER.pack(media.kind, VERSION, media.rate_hz // 100, media.sequence, media.captured_ms) + media.payload


def media_unpack(data: bytes) -> Media:
    """Raises :class:`BadMessage`."""
    if len(data) <= HEADER_BYTES:
        raise BadMessage("A binary message is shorter than its header.")
    kind, version, rate, sequence, captured_ms = _HEADER.unpack_from(data)
    if version != VERSION:
        raise BadMessage(f"A binary message has version {version}; this server speaks {VERSION}.")
    size = len(data) - HEADER_BYTES
    if not math.isfinite(captured_ms) or captured_ms < 0:
        raise BadMessage("A binary message has no capture time.")
    if kind == FRAME:
        if rate:
            raise BadMessage("A frame's reserved field is not 0.")
        if size > protocol.FRAME_BYTES:
            raise BadMessage(f"A frame has {size} bytes; {protocol.FRAME_BYTES} are allowed.", protocol.TOO_LARGE)
    elif kind == AUDIO:
        if not protocol.LOWEST_RATE_HZ <= rate * 100 <= protocol.HIGHEST_RATE_HZ:
            raise BadMessage(f"A sample rate of {rate * 100} Hz is not supported.")
        if size > protocol.AUDIO_BYTES:
            raise BadMessage(f"A chunk has {size} bytes; {protocol.AUDIO_BYTES} are allowed.", protocol.TOO_LARGE)
        if size % 2:
            raise BadMessage("A chunk of audio ends within a sample.")
    else:
        raise BadMessage(f"There is no binary message of kind {kind}.")
    return Media(kind, sequence, captured_ms, rate * 100, data[HEADER_BYTES:])


def text_pack(message: Message) -> str:
    """The encoded message. Fields are not validated at run time: mypy checks their types."""
    return _ENCODER.encode(message).decode()


def text_unpack(text: str, direction: str) -> Message:
    """The message, strictly decoded; ``direction`` is a key of :data:`analysis.live.messages.DIRECTIONS`.

    Raises :class:`BadMessage`.
    """
    data = text.encode(errors="replace")
    if len(data) > protocol.TEXT_BYTES:
        raise BadMessage("A message is too long.", protocol.TOO_LARGE)
    try:
        message = _DECODERS[direction].decode(data)
    except msgspec.ValidationError as error:
        raise BadMessage(f"A message is not of the protocol: {str(error)[:_DETAIL_LENGTH]}.") from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadMessage("A message is not JSON.") from error
    if isinstance(message, SignalTo | SignalFrom) and not _is_plain(message.data, depth=_SIGNAL_DEPTH):
        raise BadMessage("A signal is nested too deeply, or has a number that is too large.")
    return message


def _is_plain(value: object, *, depth: int) -> bool:
    """Whether every integer is exact in a JavaScript number and nothing is nested deeper than ``depth``."""
    if isinstance(value, int):
        return -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return depth > 0 and all(_is_plain(part, depth=depth - 1) for part in inner)
