"""What a candidate takes back in mid-call while a legal hold stands: it is set apart, in no recording and shown to
nobody, and erased when the hold has ended."""

import logging
import uuid
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from interviews.models import Chunk, Interview, Room
from interviews.selectors.policy import interview_hold
from interviews.services.received_files import received_erase, received_folder_erase, received_move
from interviews.services.rooms.announcing import room_announce

logger = logging.getLogger(__name__)

ERASED: Final = "What the candidate had taken back was kept by a hold, and is erased since it has ended."


def recorded_hold(*, room: Room) -> int:
    """Set apart what has arrived of a recording; its takes accept no more. Returns how many parts."""
    takes = room.takes.filter(held_at=None)
    parts = Chunk.objects.filter(take__in=takes).count()
    now = timezone.now()
    takes.filter(finished_at=None).update(finished_at=now)
    takes.update(held_at=now)
    return parts


def journal_hold(*, room: Room) -> None:
    """Set apart the live readings made so far."""
    if room.journal.exists():
        received_move(room.journal, room.folder / f"withdrawn-{uuid.uuid4().hex}.jsonl")


def held_files(*, room: Room) -> set[Path]:
    """The files that are set apart."""
    chunks = Chunk.objects.filter(take__room=room, take__held_at__isnull=False).select_related("take__room")
    return {*(chunk.path for chunk in chunks), *room.held_journals}


def held_erase() -> int:
    """Erase what was set apart by holds that have ended; returns of how many rooms."""
    journals = {path.parent.name for path in (Path(settings.MEDIA_ROOT) / "live").glob("*/withdrawn-*.jsonl")}
    parts = Chunk.objects.filter(take__held_at__isnull=False).values_list("take__room", flat=True)
    rooms = Room.objects.filter(pk__in={*journals, *map(str, parts)}).select_related("interview")
    return sum(_held_erase(room) for room in rooms)


def _held_erase(room: Room) -> bool:
    with transaction.atomic():
        Interview.objects.select_for_update(of=("self",)).get(pk=room.interview_id)
        if interview_hold(interview=room.interview) is not None:
            return False
        for path in held_files(room=room):
            transaction.on_commit(partial(received_erase, path))
        Chunk.objects.filter(take__room=room, take__held_at__isnull=False).delete()
        room.takes.filter(held_at__isnull=False).update(expected_chunks=0)
        if Room.objects.filter(pk=room.pk, status=Room.Status.UNRECORDED).update(failure_reason=ERASED):
            transaction.on_commit(partial(received_folder_erase, room.folder))
        room_announce(room_id=room.pk, what="room")
    logger.info("what a hold had kept of room %s is erased", room.pk)
    return True
