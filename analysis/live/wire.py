"""Reading and writing what :mod:`analysis.live.protocol` describes; whatever comes from a browser is checked here."""

import json
import math
import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from analysis.live import protocol
from analysis.live.protocol import AUDIO, FRAME, HEADER, HEADER_BYTES, MESSAGES, SHAPES, VERSION

_HEADER: Final = struct.Struct(HEADER)
_CONTAINER: Final = re.compile(r"([\[{])(.+)[\]}]")


class BadMessage(Exception):
    """Not of the protocol; ``str(error)`` is a sentence, ``close_code`` says how to end, None: go on after an error."""

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


def text_pack(type_: str, **fields: Any) -> str:
    """``from`` is a word of Python: write ``from_``."""
    message = {"type": type_, **{name.rstrip("_"): value for name, value in fields.items()}}
    return json.dumps(message, separators=(",", ":"), allow_nan=False)


def text_unpack(text: str, direction: str) -> dict[str, Any]:
    """The checked message, with ``type`` and without what was null; raises :class:`BadMessage`."""
    if len(text) > protocol.TEXT_BYTES or len(text.encode(errors="replace")) > protocol.TEXT_BYTES:
        raise BadMessage("A message is too long.", protocol.TOO_LARGE)
    try:
        message = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BadMessage("A message is not JSON.") from error
    problem = problem_of(message, direction)
    if problem:
        raise BadMessage(problem)
    return {name: value for name, value in message.items() if value is not None}


def problem_of(message: Any, direction: str) -> str:
    """What is wrong with a message, as a sentence; empty when nothing is."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        return "A message is not an object with a type."
    fields = MESSAGES[direction].get(message["type"])
    if fields is None:
        return f"There is no message '{message['type'][:40]}' here."
    return _problem_of_fields({k: v for k, v in message.items() if k != "type"}, fields, message["type"])


def _problem_of_fields(values: Mapping[str, Any], fields: protocol.Shape, where: str) -> str:
    unknown = values.keys() - fields.keys()
    if unknown:
        return f"{where} has no field '{min(unknown)[:40]}'."
    for name, type_ in fields.items():
        problem = _problem_of_value(values.get(name), type_, f"{where}.{name}")
        if problem:
            return problem
    return ""


def _problem_of_value(value: Any, type_: str, where: str) -> str:
    if type_.endswith("?"):
        if value is None:
            return ""
        type_ = type_[:-1]
    if type_ in SHAPES:
        return _problem_of_fields(value, SHAPES[type_], where) if isinstance(value, dict) else f"{where} is no object."
    container = _CONTAINER.fullmatch(type_)
    if container:
        kind, inner = (list, container[2]) if container[1] == "[" else (dict, container[2])
        if not isinstance(value, kind):
            return f"{where} is no {'list' if kind is list else 'object'}."
        items = value if isinstance(value, list) else value.values()
        return next(filter(None, (_problem_of_value(item, inner, where) for item in items)), "")
    if "|" in type_:
        return "" if isinstance(value, str) and value in type_.split("|") else f"{where} is not one of {type_}."
    return "" if _IS[type_](value) else f"{where} is not of type {type_}."


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


_IS: Final[dict[str, Callable[[Any], bool]]] = {
    "string": lambda value: isinstance(value, str) and len(value) <= protocol.STRING_LENGTH,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
}


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not a number of JSON")
