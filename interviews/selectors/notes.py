"""Notes on an interview as the report shows them, and who can be mentioned in one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.shortcuts import get_object_or_404

from interviews.models import Interview, Membership, Note, User
from interviews.selectors.interviews import Viewer

Role = Membership.Role


def get_note(user: Viewer, interview: Interview, note_id: UUID | str) -> Note:
    """Raises ``Http404`` when ``user`` may not know of it, or it belongs to another interview."""
    notes = Note.objects.visible_to(user).select_related("parent", "interview")
    return get_object_or_404(notes, pk=note_id, interview=interview)


def note_readers(*, interview: Interview) -> list[User]:
    """Everybody who sees the interview: :mod:`interviews.querysets` from the other side."""
    roles = Membership.objects.filter(organization=interview.organization_id, user__is_active=True)
    recruiter, assigned = Q(role=Role.RECRUITER), Q(user__assignments__interview=interview)
    sees = Q(role=Role.ADMINISTRATOR) | (recruiter & Q(organization__recruiters_see_all=True))
    sees |= recruiter & Q(user=interview.owner_id)
    sees |= Q(role__in=(Role.RECRUITER, Role.REVIEWER)) & assigned
    return list(User.objects.filter(memberships__in=roles.filter(sees)).distinct())


def mentioned_in(text: str, people: Iterable[User]) -> list[User]:
    """Those of ``people`` whose name or e-mail address stands in ``text`` after an ``@``, in any case of letters."""
    lowered = text.casefold()
    return [
        person
        for person in people
        if f"@{person.email.casefold()}" in lowered
        or (person.full_name and f"@{person.full_name.casefold()}" in lowered)
    ]


def notes_threads(*, interview: Interview, user: Viewer) -> list[dict[str, Any]]:
    """Notes in the order of the recording, those on the whole interview first; ``replies`` are in order of writing.

    ``is_own``: whether ``user`` wrote it. ``history``: the texts it had before, the oldest first.
    """
    notes = interview.notes.select_related("author").prefetch_related("mentions", "revisions")
    replies: dict[UUID, list[dict[str, Any]]] = {}
    threads = []
    for note in notes:
        row = {**_note_json(note, user), "replies": replies.setdefault(note.pk, [])}
        if note.parent_id is None:
            threads.append(row)
        else:
            replies.setdefault(note.parent_id, []).append(row)
    return sorted(threads, key=lambda row: (row["at_s"] is not None, row["at_s"] or 0.0))


def questions_unasked(*, interview: Interview) -> list[str]:
    """The questions that were prepared for a live interview and not asked, in their order."""
    return list(interview.prepared_questions.filter(asked=None).values_list("text", flat=True))


def notes_page(*, interview: Interview, user: Viewer) -> dict[str, Any]:
    """What the page's list of notes needs; ``note_marks`` are those at a second, for lanes and transcript."""
    threads = notes_threads(interview=interview, user=user)
    marks = [note for note in threads if note["at_s"] is not None]
    return {
        "notes": threads,
        "note_count": len(threads),
        "note_marks": [{key: note[key] for key in ("id", "at_s", "end_s", "text", "author")} for note in marks],
        "note_people": [str(person) for person in note_readers(interview=interview) if person != user],
        "unasked": questions_unasked(interview=interview),
    }


def _note_json(note: Note, user: Viewer) -> dict[str, Any]:
    return {
        "id": note.pk,
        "at_s": _rounded(note.at_s),
        "end_s": _rounded(note.end_s),
        "text": note.text,
        "author": str(note.author),
        "is_own": note.author_id == user.pk,
        "created_at": note.created_at,
        "edited_at": note.edited_at,
        "mentions": [str(person) for person in note.mentions.all()],
        "history": [
            {
                "text": before.text,
                "at_s": _rounded(before.at_s),
                "end_s": _rounded(before.end_s),
                "replaced_at": before.replaced_at,
            }
            for before in note.revisions.all()
        ],
    }


def _rounded(second: float | None) -> float | None:
    return None if second is None else round(second, 3)
