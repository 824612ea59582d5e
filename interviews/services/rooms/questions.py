"""Questions prepared before the interview, and the marks they leave on the room's clock when they are asked."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, PreparedQuestion, Question, Room, User
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep
from interviews.services.questions import MAXIMUM_QUESTIONS, MAXIMUM_TEXT_LENGTH
from interviews.services.rooms.announcing import room_announce

MAXIMUM_PREPARED: Final = 50
NOT_RECORDING: Final = "The recording has not started, so there is no second at which this question could be marked."
NOT_LIVE: Final = "The interview is not under way, so no question can be marked here."


def prepared_questions_replace(*, room: Room, by: User, questions: Sequence[Mapping[str, Any]]) -> None:
    """Make ``questions`` (``{"id": known id or None, "text": …}``) the list, in this order.

    A known id keeps its row and with it the mark it was given; rows that are not named are removed, their marks stay.
    Raises ``ValidationError`` (``questions``).
    """
    texts = [" ".join(str(question["text"]).split()) for question in questions]
    if len(texts) > MAXIMUM_PREPARED:
        raise ValidationError({"questions": f"At most {MAXIMUM_PREPARED} questions can be prepared."})
    if not all(texts):
        raise ValidationError({"questions": "A question is empty. Write it, or remove it."})
    if any(len(text) > MAXIMUM_TEXT_LENGTH for text in texts):
        raise ValidationError({"questions": f"A question is longer than {MAXIMUM_TEXT_LENGTH} characters."})
    with transaction.atomic():
        Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        hold_keep(interview=room.interview, rows=room.interview.prepared_questions.all(), by=by)
        known = {row.pk: row for row in room.interview.prepared_questions.all()}
        kept = set()
        for position, (question, text) in enumerate(zip(questions, texts, strict=True)):
            row = known.get(question["id"]) if question["id"] not in kept else None
            if row is None:
                row = PreparedQuestion(interview=room.interview)
            row.position, row.text = position, text
            row.save()
            kept.add(row.pk)
        room.interview.prepared_questions.exclude(pk__in=kept).delete()
        room_announce(room_id=room.pk, what="prepared_questions")


def room_question_ask(*, room: Room, by: User, prepared: PreparedQuestion | None = None, text: str = "") -> Question:
    """Mark that a question was asked just now: a prepared one, or a free one with a ``text`` that may be empty.

    Asking a prepared question again answers the mark it has. Raises :class:`Refusal` before the recording starts
    and after the interview, ``ValidationError`` (``text``) for too long a text.
    """
    now = timezone.now()
    text = prepared.text if prepared is not None else " ".join(text.split())
    if len(text) > MAXIMUM_TEXT_LENGTH:
        raise ValidationError({"text": f"The question is longer than {MAXIMUM_TEXT_LENGTH} characters."})
    with transaction.atomic():
        room = Room.objects.select_for_update(of=("self",)).select_related("interview").get(pk=room.pk)
        if room.status != Room.Status.LIVE:
            raise Refusal("not_live", NOT_LIVE)
        at_s = room.clock_s(now)
        if at_s is None:
            raise Refusal("not_recording", NOT_RECORDING)
        if prepared is not None:
            prepared.refresh_from_db()
            if prepared.asked is not None:
                return prepared.asked
        if room.interview.questions.count() >= MAXIMUM_QUESTIONS:
            raise ValidationError({"text": f"An interview holds at most {MAXIMUM_QUESTIONS} question marks."})
        question = Question.objects.create(interview=room.interview, at_s=at_s, text=text, created_by=by)
        if prepared is not None:
            prepared.asked = question
            prepared.save(update_fields=["asked"])
        room_announce(room_id=room.pk, what="questions")
        action = AuditEntry.Action.MARKS_CHANGED
        audit_append(
            action=action, by=by, interview=room.interview, change="added", question=question.pk, at_s=question.at_s
        )
    return question


def room_question_withdraw(*, room: Room, question: Question, by: User) -> None:
    """Take a mark back; a prepared question can then be asked again. Raises :class:`Refusal` after the end."""
    with transaction.atomic():
        room = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        if not room.is_running:
            raise Refusal("not_live", "The interview has ended. Change its question marks on the report page.")
        question_id = question.pk
        hold_keep(interview=room.interview, rows=Question.objects.filter(pk=question_id), by=by)
        question.delete()
        room_announce(room_id=room.pk, what="questions")
        action = AuditEntry.Action.MARKS_CHANGED
        audit_append(action=action, by=by, interview=room.interview, change="removed", question=question_id)
