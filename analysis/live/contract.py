"""The protocol for the pages: limits, close codes and message schemas, generated from the message types.

A template tag (:mod:`analysis.templatetags.live_protocol`) writes it into the page as JSON, and
``static/js/room/protocol.js`` reads it there.
"""

from functools import cache
from typing import Any, Literal

import msgspec

from analysis.live import protocol
from analysis.live.messages import DIRECTIONS, Message

Side = Literal["candidate", "recruiter"]


@cache
def contract(side: Side) -> dict[str, Any]:
    """The protocol for pages of one side, as plain data.

    ``sent`` and ``received`` name the schema of each type of message; ``schemas`` are JSON Schema, and refer to each
    other by name.
    """
    sent, received = DIRECTIONS[f"from_{side}"], DIRECTIONS[f"to_{side}"]
    _, schemas = msgspec.json.schema_components([*sent, *received], ref_template="{name}")
    return {
        "version": protocol.VERSION,
        "kinds": {"frame": protocol.FRAME, "audio": protocol.AUDIO},
        "header_bytes": protocol.HEADER_BYTES,
        "limits": protocol.LIMITS,
        "close_codes": {str(code): msgspec.to_builtins(meaning) for code, meaning in protocol.CLOSE_CODES.items()},
        "sent": _by_type(sent),
        "received": _by_type(received),
        "schemas": {name: _without_docstring(schema) for name, schema in schemas.items()},
    }


def _without_docstring(schema: dict[str, Any]) -> dict[str, Any]:
    """Docstrings are for developers: they stay out of the page."""
    return {key: value for key, value in schema.items() if key != "description"}


def _by_type(messages: tuple[type[Message], ...]) -> dict[str, str]:
    return {str(message.__struct_config__.tag): message.__name__ for message in messages}
