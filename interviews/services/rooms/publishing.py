"""Publishing the task that stores a room's recording. A message carries the id; the state is in the row."""

import logging
from functools import partial
from typing import Final
from uuid import UUID

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

STORE_TASK: Final = "interviews.tasks.room_store"
"""Defined where :func:`interviews.services.rooms.room_store` is told what a stored recording needs."""
EXPIRES_S: Final = 60


def room_store_publish(*, room_id: UUID) -> None:
    """Publish after the commit. A queue that is down loses nothing: the sweep publishes ended rooms again."""
    transaction.on_commit(partial(_publish, room_id))


def _publish(room_id: UUID) -> None:
    try:
        current_app.send_task(
            STORE_TASK,
            args=[str(room_id)],
            expires=EXPIRES_S,
            retry_policy={"max_retries": 1, "interval_start": 0.1},
        )
    except Exception:  # every transport raises its own kinds of error
        logger.exception("room %s could not be published and waits for the sweep", room_id)
