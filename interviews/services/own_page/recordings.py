"""Erasing the recording of an interview that goes on without one."""

from functools import partial
from typing import Final

from django.db import transaction

from interviews.models import Chunk, Interview, Room
from interviews.services.receipts import receipt_write
from interviews.services.received_files import received_folder_erase
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.parts import recorded_erase

ERASED: Final = "The candidate no longer agrees to the recording. It was erased."


@transaction.atomic
def recordings_erase(*, interview: Interview) -> int:
    """Erase the recordings of an interview and the parts of its room; returns how many recordings there were.

    Within a transaction that has locked the interview and deleted what was computed from them. The files follow once
    that is committed. A room that still runs goes on without what has arrived.
    """
    recordings = list(interview.recordings.all())
    for recording in recordings:
        receipt_write(erased_id=recording.pk)
        transaction.on_commit(partial(recording.file.storage.delete, str(recording.file.name)))
        recording.delete()
    for room in Room.objects.select_for_update(of=("self",)).filter(interview=interview):
        if room.is_running:
            recorded_erase(room=room)
            continue
        Chunk.objects.filter(take__room=room).delete()
        Room.objects.filter(pk=room.pk).update(status=Room.Status.UNRECORDED, failure_reason=ERASED)
        transaction.on_commit(partial(received_folder_erase, room.folder))
        room_announce(room_id=room.pk, what="room")
    return len(recordings)
