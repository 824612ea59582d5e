"""Parts of live recordings that could not be stored, or not be read: kept for a while, then erased."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone

from interviews.models import Chunk, Room
from interviews.selectors.policy import interview_hold, interview_policy
from interviews.services.received_files import received_erase, received_folder_erase

logger = logging.getLogger(__name__)

KEPT: Final = timedelta(days=30)
"""Long enough to try again and to ask for help."""
AFTERWARDS: Final[dict[str, str]] = {Room.Status.FAILED: Room.Status.UNRECORDED, Room.Status.STORED: Room.Status.STORED}


def parts_kept_until(*, room: Room) -> datetime:
    """When the parts of an ended room are erased: after 30 days, or when the interview's own time is shorter."""
    ended_at = room.ended_at or room.created_at
    retention = timedelta(days=interview_policy(interview=room.interview).retention_days)
    return ended_at + min(KEPT, retention)


def recorded_erase(*, room: Room) -> int:
    """Erase what has arrived of a running recording; its takes accept no more. Returns how many parts."""
    chunks = list(Chunk.objects.filter(take__room=room).select_related("take__room"))
    for chunk in chunks:
        transaction.on_commit(partial(received_erase, chunk.path))
    Chunk.objects.filter(take__room=room).delete()
    room.takes.update(finished_at=timezone.now(), expected_chunks=0)
    return len(chunks)


def parts_erase() -> int:
    """Erase the parts whose time is over, unless a hold keeps the interview; returns of how many rooms."""
    now, erased = timezone.now(), 0
    rooms = Room.objects.filter(status__in=(Room.Status.FAILED, Room.Status.STORED)).select_related(
        "interview__organization"
    )
    for room in rooms.iterator(chunk_size=200):
        is_due = room.folder.is_dir() and parts_kept_until(room=room) <= now
        if not is_due or interview_hold(interview=room.interview) is not None or not received_folder_erase(room.folder):
            continue
        told = f"{room.failure_reason} It was erased on {now:%-d %B %Y}.".strip()
        with transaction.atomic():
            Chunk.objects.filter(take__room=room).delete()
            left = Room.objects.filter(pk=room.pk, status=room.status)
            left.update(status=AFTERWARDS[room.status], failure_reason=told)
        logger.info("the parts of room %s are erased", room.pk)
        erased += 1
    return erased
