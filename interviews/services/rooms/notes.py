"""Notes that recruiters write during the interview."""

from django.utils import timezone

from interviews.models import Note, Room, User
from interviews.services.notes import note_delete, note_insert
from interviews.services.rooms.announcing import room_announce


def room_note_add(*, room: Room, by: User, text: str) -> Note:
    """Note ``text`` at this second of the room's clock, if it runs. Raises ``ValidationError`` (``text``)."""
    room.refresh_from_db(fields=["status", "recording_started_at"])
    at_s = room.clock_s(timezone.now()) if room.status == Room.Status.LIVE else None
    note = note_insert(interview=room.interview, by=by, text=text, at_s=at_s)
    room_announce(room_id=room.pk, what="notes")
    return note


def room_note_remove(*, room: Room, note: Note, by: User) -> None:
    note_delete(note=note, by=by)
    room_announce(room_id=room.pk, what="notes")
