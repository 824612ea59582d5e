"""Channel groups of a live room besides the one of all its connections (:func:`interviews.room_channel.room_group`)."""

from uuid import UUID

from interviews.room_channel import room_group


def recruiters_group(room_id: UUID) -> str:
    """The channel group of host and observers alone: readings go there."""
    return f"{room_group(room_id)}.recruiters"
