"""The name that REST, workers and sockets of a room share: its channel group."""

from uuid import UUID


def room_group(room_id: UUID | str) -> str:
    """The channel group of everybody in the room. Services send it ``{"type": "room.changed", "what": …}``."""
    return f"room.{room_id}"
