"""Sentences for recruiters on whom a recording shows, and whose face was read."""

from collections.abc import Sequence
from typing import Final

from ml.offline.person_seen import PersonSeen
from ml.spans import Span

NOT_FOUND: Final = "The chosen person was not found again; the candidate was chosen by the rule instead."
CHOSEN: Final = "The person who was read was chosen by a recruiter."
CANNOT_TELL: Final = (
    "It cannot be told whose recording this is: somebody else is as likely the candidate. "
    "The report reads the first of them; choose another under “Whose face was read” if it is not the candidate."
)
MAX_STRETCHES: Final = 3


def people_notes(
    people: Sequence[PersonSeen],
    *,
    still: Sequence[Span],
    duration_s: float,
    was_chosen: bool = False,
    is_chosen: bool = False,
) -> list[str]:
    """Sentences on whose face was read and who else was seen. ``still``: when the candidate's picture stood still.
    ``was_chosen``: a recruiter chose; ``is_chosen``: and the person was found."""
    notes = []
    if was_chosen:
        notes.append(CHOSEN if is_chosen else NOT_FOUND)
    if any(person.is_close for person in people):
        notes.append(CANNOT_TELL)
    others = [person for person in people if not person.is_still and not person.is_candidate]
    if others and any(person.is_candidate for person in people):
        seen = ", ".join(_when(person.first_s, person.last_s) for person in others)
        are = f"{len(others) + 1} people are in view. Only the candidate's face was read; "
        notes.append(f"{are}{'the other was' if len(others) == 1 else 'the others were'} seen {seen}.")
    if still:
        stretches = ", ".join(_stretch(span, duration_s) for span in still[:MAX_STRETCHES])
        more = " and more" if len(still) > MAX_STRETCHES else ""
        notes.append(f"The picture stands still {stretches}{more}: nothing was read of the face there.")
    photos = [person for person in people if person.is_still and not _is_within(person, still)]
    if photos:
        seen = ", ".join(_when(person.first_s, person.last_s) for person in photos)
        what = "A face that never moves" if len(photos) == 1 else f"{len(photos)} faces that never move"
        notes.append(f"{what} (a photo or a slide, seen {seen}) {'was' if len(photos) == 1 else 'were'} left out.")
    return notes


def _when(start_s: float, end_s: float) -> str:
    return f"from {start_s:.0f} to {end_s:.0f} s"


def _stretch(span: Span, duration_s: float) -> str:
    start_s, end_s = span
    if end_s >= duration_s - 0.5:
        return f"from {start_s:.1f} s on"
    return f"from {start_s:.1f} to {end_s:.1f} s"


def _is_within(person: PersonSeen, spans: Sequence[Span]) -> bool:
    return any(start_s - 0.1 <= person.first_s and person.last_s <= end_s + 0.1 for start_s, end_s in spans)
