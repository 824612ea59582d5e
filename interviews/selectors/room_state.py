"""A room as its pages show it: one view for the recruiters, one for the candidate."""

from typing import Any

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone

from interviews.consent_words import hold_words, kept_words, room_words
from interviews.models import Chunk, Invitation, Note, PreparedQuestion, Question, Room
from interviews.selectors.consent import consents_of, room_agreements
from interviews.selectors.policy import interview_hold


def room_state(*, room: Room) -> dict[str, Any]:
    """What host and observers see. ``clock_s`` is the room's clock now, None before the recording starts."""
    now = timezone.now()
    invitation = room.invitations.filter(revoked_at=None).first()
    received = Chunk.objects.filter(take__room=room).aggregate(chunks=Count("pk"), bytes=Sum("size_bytes"))
    return {
        **_common(room),
        "interview": room.interview_id,
        "url": reverse("room", args=[room.pk]),
        "interview_url": reverse("interview_detail", args=[room.interview_id]),
        "blind": room.blind,
        "created_at": room.created_at,
        "clock_s": None if room.clock_s(now) is None else round(room.clock_s(now) or 0.0, 3),
        "failure_reason": room.failure_reason,
        "candidate_seen_at": room.candidate_seen_at,
        "host_seen_at": room.host_seen_at,
        "agreements": room_agreements(room=room),
        "invitation": invitation and invitation_json(invitation),
        "received": {"chunks": received["chunks"], "bytes": received["bytes"] or 0},
    }


def candidate_state(*, room: Room) -> dict[str, Any]:
    """What the candidate sees: the words to agree to with the answers so far, and how much of the takes arrived."""
    answers = consents_of(interview_id=room.interview_id).answers | room_agreements(room=room)
    statements = room_words(room.interview.organization.name)
    hold = interview_hold(interview=room.interview)
    return {
        **_common(room),
        "agreements": {
            box: {"statement": statement, "given": answers.get(box)} for box, statement in statements.items()
        },
        "kept_statement": kept_words(room.interview.organization.name),
        "hold_statement": hold_words(room.interview.organization.name, hold.until) if hold else "",
        "is_held": room.keeps_held,
        "takes": [
            {
                "number": take.number,
                "started_ms": take.started_ms,
                "next_sequence": take.arrived,
                "finished": take.finished_at is not None,
            }
            for take in room.takes.annotate(arrived=Count("chunks"))
        ],
    }


def invitation_json(invitation: Invitation) -> dict[str, Any]:
    """``asking``: another device that wants to be let in, or None."""
    is_asked = invitation.asking_sha256 != ""
    return {
        "expires_at": invitation.expires_at,
        "first_used_at": invitation.first_used_at,
        "stands": invitation.stands,
        "asking": {"browser": invitation.asking_browser, "at": invitation.asking_at} if is_asked else None,
    }


def calibration_json(*, room: Room) -> dict[str, Any]:
    calibration = getattr(room, "gaze_calibration", None)
    return {
        "calibrated": calibration is not None,
        "error_degrees": calibration and round(calibration.error_degrees, 1),
    }


def prepared_questions_json(*, room: Room) -> list[dict[str, Any]]:
    """The prepared questions in their order; ``asked`` is the mark (id and second), None before."""
    prepared = PreparedQuestion.objects.filter(interview=room.interview_id).select_related("asked")
    return [
        {"id": row.pk, "text": row.text, "asked": row.asked and {"id": row.asked.pk, "at_s": round(row.asked.at_s, 3)}}
        for row in prepared
    ]


def room_questions_json(*, room: Room) -> list[dict[str, Any]]:
    """The questions asked so far, in the order of the room's clock."""
    questions = Question.objects.filter(interview=room.interview_id).select_related("prepared")
    return [question_json(question) for question in questions]


def question_json(question: Question) -> dict[str, Any]:
    prepared = getattr(question, "prepared", None)
    return {
        "id": question.pk,
        "at_s": round(question.at_s, 3),
        "text": question.text,
        "prepared": prepared and prepared.pk,
    }


def notes_json(*, room: Room) -> list[dict[str, Any]]:
    """All notes in the order in which they were written; ``at_s`` is None for those outside the recording."""
    return [note_json(note) for note in Note.objects.filter(interview=room.interview_id).select_related("author")]


def note_json(note: Note) -> dict[str, Any]:
    return {
        "id": note.pk,
        "at_s": None if note.at_s is None else round(note.at_s, 3),
        "text": note.text,
        "author": str(note.author),
        "author_id": note.author_id,
        "created_at": note.created_at,
    }


def _common(room: Room) -> dict[str, Any]:
    return {
        "id": room.pk,
        "status": room.status,
        "candidate_name": room.interview.candidate.name,
        "interviewer_name": str(room.host),
        "organization": room.interview.organization.name,
        "position": room.interview.position.title if room.interview.position else "",
        "opened_at": room.opened_at,
        "recording_started_at": room.recording_started_at,
        "ended_at": room.ended_at,
        "end_reason": room.end_reason,
        "calibration": calibration_json(room=room),
    }
