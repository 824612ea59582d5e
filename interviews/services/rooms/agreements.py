"""What the candidate agrees to in the live room; the words that were shown are stored with the answer."""

from collections.abc import Collection
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.consent_words import room_words
from interviews.errors import Refusal
from interviews.models import AuditEntry, ConsentEvent, Room
from interviews.selectors.consent import ANALYSES
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record
from interviews.services.rooms.announcing import room_announce

NEEDS_RECORDING: Final = {
    "analysis": "The analysis is made from the recording. Agree to both, or take part without analysis.",
    "transcript": "The transcript is made from the recording. Agree to both, or take part without a transcript.",
    "sharing": "What is shown to others is made from the recording. Agree to both, or to neither.",
}
NEEDS_PART: Final = "Choose what may be analysed: the face, the eyes or the voice. Or take part without analysis."


def agreements_answer(
    *,
    room: Room,
    recording: bool,
    analysis: bool,
    transcript: bool,
    sharing: bool = False,
    without: Collection[str] = (),
) -> None:
    """Add the candidate's answers; in the room they may be changed until the interview ends, later on the own page.

    ``without``: analyses (``face``, ``eyes``, ``voice``) that the candidate leaves out. Raises ``ValidationError`` by
    box for what is made from a recording without one, and for an analysis of nothing; :class:`Refusal` after the end.
    """
    boxes = {"recording": recording, "analysis": analysis, "transcript": transcript, "sharing": sharing}
    if not recording and (asked := [box for box in NEEDS_RECORDING if boxes[box]]):
        raise ValidationError({box: NEEDS_RECORDING[box] for box in asked})
    if analysis and not set(ANALYSES) - set(without):
        raise ValidationError({"analysis": NEEDS_PART})
    words = room_words(room.interview.organization.name)
    answers: dict[str, tuple[bool, str]] = {
        box: (boxes[box], words[box]) for box in ("recording", "transcript", "sharing")
    }
    for part in ANALYSES:
        answers[part] = (analysis and part not in without, f"{words['analysis']} {words[part]}")
    with transaction.atomic():
        locked = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if not locked.is_running:
            raise Refusal("room_ended", "This interview has ended. Your own page is where you change your answers now.")
        consent_record(interview=room.interview, answers=answers, how=ConsentEvent.How.ROOM)
        room_announce(room_id=room.pk, what="agreements")
        said: dict[str, Any] = {str(purpose): given for purpose, (given, _) in answers.items()}
        audit_append(action=AuditEntry.Action.CONSENT_CHANGED, by_candidate=True, interview=room.interview, **said)
