"""What the candidate agrees to, purpose by purpose; the words that were shown are stored with the answer."""

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import Agreement, AuditEntry, Room
from interviews.selectors import agreement_statements
from interviews.services.audit import audit_append
from interviews.services.rooms.announcing import room_announce

Purpose = Agreement.Purpose

NEEDS_RECORDING: Final = {
    Purpose.ANALYSIS: "The analysis is made from the recording. Agree to both, or take part without analysis.",
    Purpose.TRANSCRIPT: "The transcript is made from the recording. Agree to both, or take part without a transcript.",
}


def agreements_answer(*, room: Room, recording: bool, analysis: bool, transcript: bool) -> None:
    """Store the candidate's answers; until the interview ends they may be changed, and the last ones stand.

    Raises ``ValidationError`` (``analysis``, ``transcript``) for what is made from a recording without one, and
    :class:`Refusal` after the end.
    """
    given = {Purpose.RECORDING: recording, Purpose.ANALYSIS: analysis, Purpose.TRANSCRIPT: transcript}
    if not recording and (asked := [purpose for purpose in NEEDS_RECORDING if given[purpose]]):
        raise ValidationError({purpose: NEEDS_RECORDING[purpose] for purpose in asked})
    statements = agreement_statements(room=room)
    with transaction.atomic():
        locked = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if not locked.is_running:
            raise Refusal("room_ended", "This interview has ended; your earlier answers stand.")
        now = timezone.now()
        for purpose, answer in given.items():
            Agreement.objects.update_or_create(
                room=room,
                purpose=purpose,
                defaults={"given": answer, "statement": statements[purpose], "answered_at": now},
            )
        room_announce(room_id=room.pk, what="agreements")
        answers: dict[str, Any] = {purpose.value: answer for purpose, answer in given.items()}
        action = AuditEntry.Action.CONSENT_CHANGED
        audit_append(action=action, by_candidate=True, interview=room.interview, **answers)
