"""Notes on an interview: written, answered, edited with their history, deleted."""

import math
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, Interview, Note, NoteRevision, Notification, User
from interviews.selectors.notes import mentioned_in, note_readers
from interviews.services.audit import audit_append
from interviews.services.holds import hold_refuse
from interviews.services.notifications import notify

MAXIMUM_NOTES: Final = 500
MAXIMUM_NOTE_LENGTH: Final = 2000


@transaction.atomic
def note_add(
    *,
    interview: Interview,
    by: User,
    text: str,
    at_s: float | None = None,
    end_s: float | None = None,
    parent: Note | None = None,
) -> Note:
    """Write a note at a second (``at_s``), on a stretch (with ``end_s``) or on the whole, or a reply to ``parent``.

    ``@`` before a colleague's name or address mentions them. A reply to a reply belongs to the same note. Raises
    ``ValidationError`` by field.
    """
    if parent is not None:
        parent, at_s, end_s = parent.parent or parent, None, None
    _check_place(interview, at_s, end_s)
    return note_insert(interview=interview, by=by, text=text, at_s=at_s, end_s=end_s, parent=parent)


@transaction.atomic
def note_insert(*, interview: Interview, by: User, text: str, **fields: Any) -> Note:
    """Write a note whose place is known to be right. Raises ``ValidationError`` (``text``)."""
    text = _checked(text)
    if interview.notes.count() >= MAXIMUM_NOTES:
        raise ValidationError({"text": f"An interview holds at most {MAXIMUM_NOTES} notes."})
    note = Note.objects.create(interview=interview, author=by, text=text, **fields)
    _mention(note, by)
    _log(note, by, "added" if note.parent_id is None else "answered")
    return note


@transaction.atomic
def note_edit(*, note: Note, by: User, text: str, at_s: float | None = None, end_s: float | None = None) -> Note:
    """Replace text and place of one's own note; what it was is kept. Raises as :func:`note_add`."""
    _require_author(note, by)
    text = _checked(text)
    if note.parent_id is not None:
        at_s = end_s = None
    _check_place(note.interview, at_s, end_s)
    if (text, at_s, end_s) == (note.text, note.at_s, note.end_s):
        return note
    NoteRevision.objects.create(note=note, text=note.text, at_s=note.at_s, end_s=note.end_s)
    note.text, note.at_s, note.end_s, note.edited_at = text, at_s, end_s, timezone.now()
    note.save()
    _mention(note, by)
    _log(note, by, "edited")
    return note


@transaction.atomic
def note_delete(*, note: Note, by: User) -> None:
    """Delete one's own note with its history. Raises :class:`Refusal` where somebody has answered it, and while a hold
    stands."""
    _require_author(note, by)
    hold_refuse(interview=note.interview)
    if note.replies.exists():
        raise Refusal("answered", "This note has replies, so it cannot be deleted. You can edit it.")
    note_id = note.pk
    note.delete()
    note.pk = note_id
    _log(note, by, "removed")


def _mention(note: Note, by: User) -> None:
    """Keep whom the note mentions now, and tell those whom it did not mention before."""
    before = set(note.mentions.all())
    found = mentioned_in(note.text, note_readers(interview=note.interview))
    note.mentions.set(found)
    people = [person for person in found if person not in before]
    notify(kind=Notification.Kind.MENTION, interview=note.interview, people=people, caused_by=by)


def _require_author(note: Note, by: User) -> None:
    if note.author_id != by.pk:
        raise PermissionDenied("Only who wrote a note can change or remove it.")


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValidationError({"text": "The note is empty."})
    if len(text) > MAXIMUM_NOTE_LENGTH:
        raise ValidationError({"text": f"The note is longer than {MAXIMUM_NOTE_LENGTH} characters."})
    return text


def _check_place(interview: Interview, at_s: float | None, end_s: float | None) -> None:
    if at_s is None and end_s is None:
        return
    recording = interview.recordings.first()
    if recording is None:
        raise ValidationError({"at_s": "This interview has no recording, so its notes have no second."})
    length_s = recording.duration_s
    if at_s is None or not (math.isfinite(at_s) and 0 <= at_s <= length_s):
        raise ValidationError({"at_s": f"A note must lie between 0 and {length_s:.1f} s, within the recording."})
    if end_s is not None and not (math.isfinite(end_s) and at_s < end_s <= length_s):
        raise ValidationError({"end_s": f"The end must lie after the beginning, and at most at {length_s:.1f} s."})


def _log(note: Note, by: User, change: str) -> None:
    action = AuditEntry.Action.NOTES_CHANGED
    audit_append(action=action, by=by, interview=note.interview, change=change, note=note.pk)
