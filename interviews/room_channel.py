"""Names that REST, workers and sockets of a room share: the channel group and a key of the cache."""

from uuid import UUID


def room_group(room_id: UUID | str) -> str:
    """The channel group of everybody in the room. Services send it ``{"type": "room.changed", "what": …}``."""
    return f"room.{room_id}"


def frame_key(room_id: UUID | str) -> str:
    """Cache key of the candidate's newest frame as JPEG, kept for seconds and only while a recruiter wants it."""
    return f"room-frame:{room_id}"
