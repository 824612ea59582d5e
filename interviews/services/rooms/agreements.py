"""What the candidate agrees to, purpose by purpose; the words that were shown are stored with the answer."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.errors import RoomConflict
from interviews.models import Agreement, Room
from interviews.selectors import agreement_statements
from interviews.services.rooms.announcing import room_announce

Purpose = Agreement.Purpose


def agreements_answer(*, room: Room, recording: bool, analysis: bool) -> None:
    """Store the candidate's answers; until the interview ends they may be changed, and the last ones stand.

    Raises ``ValidationError`` (``analysis``) for analysis without a recording to make it from, and
    :class:`RoomConflict` after the end.
    """
    if analysis and not recording:
        raise ValidationError(
            {"analysis": "The analysis is made from the recording. Agree to both, or take part without analysis."}
        )
    statements = agreement_statements(room=room)
    with transaction.atomic():
        locked = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if not locked.is_running:
            raise RoomConflict("room_ended", "This interview has ended; your earlier answers stand.")
        now = timezone.now()
        for purpose, given in ((Purpose.RECORDING, recording), (Purpose.ANALYSIS, analysis)):
            Agreement.objects.update_or_create(
                room=room,
                purpose=purpose,
                defaults={"given": given, "statement": statements[purpose], "answered_at": now},
            )
        room_announce(room_id=room.pk, what="agreements")
