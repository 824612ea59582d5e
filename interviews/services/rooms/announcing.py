"""Notifications of changes in a room, over the channel layer. The pages then fetch the state again."""

import logging
from functools import partial
from typing import Literal
from uuid import UUID

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from interviews.room_channel import room_group

logger = logging.getLogger(__name__)

What = (
    Literal["room", "questions", "prepared_questions", "notes", "agreements", "calibration", "left", "invitation"]
    | Literal["candidate_removed"]
)


def room_announce(*, room_id: UUID, what: What) -> None:
    """Send ``room.changed`` to the room's group once the transaction is committed.

    A channel layer that is down fails nothing: the rows are the truth, and pages ask for them again.
    """
    transaction.on_commit(partial(_send, room_id, what))


def _send(room_id: UUID, what: What) -> None:
    layer = get_channel_layer()
    if layer is None:
        return
    try:
        async_to_sync(layer.group_send)(room_group(room_id), {"type": "room.changed", "what": what})
    except Exception:  # every layer raises its own kinds
        logger.exception("room %s: could not announce %s", room_id, what)
