"""What the candidate agrees to in the live room; the words that were shown are stored with the answer."""

from collections.abc import Collection
from functools import partial
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.consent_words import kept_words, room_words
from interviews.errors import Refusal
from interviews.models import AuditEntry, Chunk, ConsentEvent, GazeCalibration, Room
from interviews.selectors.consent import ANALYSES, consents_of
from interviews.selectors.policy import interview_hold
from interviews.services.audit import audit_append
from interviews.services.consent import consent_record
from interviews.services.holds import hold_keep
from interviews.services.received_files import received_erase
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.held import journal_hold, recorded_hold
from interviews.services.rooms.parts import recorded_erase

NEEDS_RECORDING: Final = {
    "analysis": "The analysis is made from the recording. Agree to both, or take part without analysis.",
    "transcript": "The transcript is made from the recording. Agree to both, or take part without a transcript.",
    "sharing": "What is shown to others is made from the recording. Agree to both, or to neither.",
}
ERASE, KEEP = "erase", "keep"
NEEDS_PART: Final = "Choose what may be analysed: the face, the eyes or the voice. Or take part without analysis."


def agreements_answer(
    *,
    room: Room,
    recording: bool,
    analysis: bool,
    transcript: bool,
    sharing: bool = False,
    without: Collection[str] = (),
    recorded: str = ERASE,
) -> None:
    """Add the candidate's answers; in the room they may be changed until the interview ends, later on the own page.

    ``without``: analyses (``face``, ``eyes``, ``voice``) that the candidate leaves out. A no takes effect at once: live
    readings made so far are erased, and what was recorded so far is erased or kept (``recorded``). While a hold stands
    both are set apart instead (:mod:`interviews.services.rooms.held`).

    Raises ``ValidationError`` by box for what is made from a recording without one, and for an analysis of nothing;
    :class:`Refusal` after the end.
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
        standing = consents_of(interview_id=room.interview_id)
        is_held = interview_hold(interview=room.interview) is not None
        stops = standing.recording and not recording
        keeps = stops and recorded == KEEP and Chunk.objects.filter(take__room=room).exists()
        if keeps:
            answers["recording"] = (True, kept_words(room.interview.organization.name))
        consent_record(interview=room.interview, answers=answers, how=ConsentEvent.How.ROOM)
        room_announce(room_id=room.pk, what="agreements")
        said: dict[str, Any] = {str(purpose): given for purpose, (given, _) in answers.items()}
        if recording or stops:
            stopped_at = timezone.now() if keeps else None
            Room.objects.filter(pk=room.pk).update(recording_stopped_at=stopped_at)
            room.recording_stopped_at = stopped_at
        if stops:
            said["recorded"] = "kept" if keeps else _taken_back(room, is_held=is_held)
        if any(standing.given(part) and not answers[part][0] for part in ANALYSES):
            if is_held:
                journal_hold(room=room)
            else:
                transaction.on_commit(partial(received_erase, room.journal))
        calibrations = GazeCalibration.objects.filter(room=room)
        if not answers[ConsentEvent.Purpose.EYES][0] and calibrations.exists():
            hold_keep(interview=room.interview, rows=calibrations, by=None)
            calibrations.delete()  # so that it does not count after a new yes
            room_announce(room_id=room.pk, what="calibration")
        audit_append(action=AuditEntry.Action.CONSENT_CHANGED, by_candidate=True, interview=room.interview, **said)


def _taken_back(room: Room, *, is_held: bool) -> str:
    """Erase or set apart what was recorded; says which, for the log."""
    if is_held:
        return f"{recorded_hold(room=room)} parts kept by a hold"
    return f"{recorded_erase(room=room)} parts erased"
