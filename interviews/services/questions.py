"""Question marks: the seconds at which the interviewer asked something."""

import math
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from interviews.errors import Refusal
from interviews.formatting import clock
from interviews.models import AuditEntry, Interview, Question, User
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep, hold_refuse

MAXIMUM_QUESTIONS: Final = 200
MAXIMUM_TEXT_LENGTH: Final = 500
APART_S: Final = 0.5
"""Two marks are at least so far apart: nobody asks two questions at once, and one would hide the other."""


def question_add(*, interview: Interview, by: User, at_s: float, text: str = "") -> Question:
    """Mark a question. Raises ``ValidationError`` by field: ``at_s`` outside the recording or where a question is
    marked already, a ``text`` too long."""
    text = " ".join(text.split())
    _check(interview, at_s, text, others=interview.questions.all())
    if interview.questions.count() >= MAXIMUM_QUESTIONS:
        raise ValidationError({"at_s": f"An interview holds at most {MAXIMUM_QUESTIONS} question marks."})
    question = Question.objects.create(interview=interview, at_s=at_s, text=text, created_by=by)
    _log(question, by, "added", at_s=question.at_s)
    return question


@transaction.atomic
def question_change(*, question: Question, by: User, at_s: float | None = None, text: str | None = None) -> Question:
    """Move a mark or change its text; None leaves as it is.

    Raises ``ValidationError`` as :func:`question_add`, and ``Question.DoesNotExist`` when it was removed meanwhile.
    """
    before_s = question.at_s
    question.at_s = question.at_s if at_s is None else at_s
    question.text = question.text if text is None else " ".join(text.split())
    others = question.interview.questions.exclude(pk=question.pk) if at_s is not None else Question.objects.none()
    _check(question.interview, question.at_s, question.text, others=others)
    stored = Question.objects.filter(pk=question.pk)
    hold_keep(interview=question.interview, rows=stored, by=by)
    if not stored.update(at_s=question.at_s, text=question.text):
        raise Question.DoesNotExist
    _log(question, by, "changed", at_s=question.at_s, before_s=before_s)
    return question


def question_remove(*, question: Question, by: User) -> None:
    """Remove a mark. Raises :class:`Refusal` where somebody has rated the answer to it, and while a hold stands."""
    hold_refuse(interview=question.interview)
    if question.scores.exists():
        raise Refusal("rated", "Somebody has rated the answer to this question, so its mark cannot be removed.")
    question_id = question.pk
    question.delete()
    question.pk = question_id
    _log(question, by, "removed", at_s=question.at_s)


def _log(question: Question, by: User, change: str, **details: Any) -> None:
    interview = question.interview
    action = AuditEntry.Action.MARKS_CHANGED
    audit_append(action=action, by=by, interview=interview, change=change, question=question.pk, **details)


def _check(interview: Interview, at_s: float, text: str, *, others: QuerySet[Question]) -> None:
    errors = {}
    recording = interview.recordings.first()
    if recording is None:
        errors["at_s"] = "This interview has no recording yet, so there is nothing to mark."
    elif not (math.isfinite(at_s) and 0 <= at_s <= recording.duration_s):
        errors["at_s"] = f"A question mark must lie between 0 and {recording.duration_s:.1f} s, within the recording."
    elif near := others.filter(at_s__gt=at_s - APART_S, at_s__lt=at_s + APART_S).first():
        errors["at_s"] = f"A question is marked at {clock(near.at_s)} already."
    if len(text) > MAXIMUM_TEXT_LENGTH:
        errors["text"] = f"The question is longer than {MAXIMUM_TEXT_LENGTH} characters."
    if errors:
        raise ValidationError(errors)
