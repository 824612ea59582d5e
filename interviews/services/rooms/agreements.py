"""What the candidate agrees to in the live room; the words that were shown are stored with the answer."""

from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.consent_words import room_words
from interviews.errors import Refusal
from interviews.models import AuditEntry, ConsentEvent, Room
from interviews.selectors.consent import ANALYSES
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record
from interviews.services.rooms.announcing import room_announce

Purpose = ConsentEvent.Purpose

NEEDS_RECORDING: Final = {
    "analysis": "The analysis is made from the recording. Agree to both, or take part without analysis.",
    "transcript": "The transcript is made from the recording. Agree to both, or take part without a transcript.",
}


def agreements_answer(*, room: Room, recording: bool, analysis: bool, transcript: bool) -> None:
    """Add the candidate's answers; in the room they may be changed until the interview ends, later on the own page.

    Raises ``ValidationError`` (``analysis``, ``transcript``) for what is made from a recording without one, and
    :class:`Refusal` after the end.
    """
    boxes = {"recording": recording, "analysis": analysis, "transcript": transcript}
    if not recording and (asked := [box for box in NEEDS_RECORDING if boxes[box]]):
        raise ValidationError({box: NEEDS_RECORDING[box] for box in asked})
    words = room_words(room.interview.organization.name)
    answers = {Purpose.RECORDING: (recording, words["recording"])}
    answers |= dict.fromkeys(ANALYSES, (analysis, words["analysis"]))
    answers[Purpose.TRANSCRIPT] = (transcript, words["transcript"])
    with transaction.atomic():
        locked = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if not locked.is_running:
            raise Refusal("room_ended", "This interview has ended. Your own page is where you change your answers now.")
        consent_record(interview=room.interview, answers=answers, how=ConsentEvent.How.ROOM)
        room_announce(room_id=room.pk, what="agreements")
        audit_append(action=AuditEntry.Action.CONSENT_CHANGED, by_candidate=True, interview=room.interview, **boxes)
