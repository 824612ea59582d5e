"""Notes that recruiters write during the interview."""

from typing import Final

from django.core.exceptions import ValidationError
from django.utils import timezone

from interviews.models import Note, Room, User
from interviews.services.rooms.announcing import room_announce

MAXIMUM_NOTES: Final = 500
MAXIMUM_NOTE_LENGTH: Final = 2000


def note_add(*, room: Room, by: User, text: str) -> Note:
    """Note ``text`` at this second of the room's clock, if it runs. Raises ``ValidationError`` (``text``)."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": "The note is empty."})
    if len(text) > MAXIMUM_NOTE_LENGTH:
        raise ValidationError({"text": f"The note is longer than {MAXIMUM_NOTE_LENGTH} characters."})
    if room.interview.notes.count() >= MAXIMUM_NOTES:
        raise ValidationError({"text": f"An interview holds at most {MAXIMUM_NOTES} notes."})
    room.refresh_from_db(fields=["status", "recording_started_at"])
    at_s = room.clock_s(timezone.now()) if room.status == Room.Status.LIVE else None
    note = Note.objects.create(interview=room.interview, author=by, at_s=at_s, text=text)
    room_announce(room_id=room.pk, what="notes")
    return note


def note_remove(*, room: Room, note: Note) -> None:
    note.delete()
    room_announce(room_id=room.pk, what="notes")
