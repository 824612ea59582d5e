"""Question marks: the seconds at which the interviewer asked something."""

import math

from django.core.exceptions import ValidationError

from interviews.models import Interview, Question, User


def question_add(*, interview: Interview, by: User, at_s: float, text: str = "") -> Question:
    """Mark a question. Raises ``ValidationError`` (``at_s``) outside the recording."""
    _check_inside(interview, at_s)
    return Question.objects.create(interview=interview, at_s=at_s, text=text.strip(), created_by=by)


def question_change(*, question: Question, by: User, at_s: float | None = None, text: str | None = None) -> Question:
    """Move a mark or change its text; None leaves as it is. Raises ``ValidationError`` (``at_s``)."""
    if at_s is not None:
        _check_inside(question.interview, at_s)
        question.at_s = at_s
    if text is not None:
        question.text = text.strip()
    question.save(update_fields=["at_s", "text"])
    return question


def question_remove(*, question: Question, by: User) -> None:
    question.delete()


def _check_inside(interview: Interview, at_s: float) -> None:
    recording = interview.recordings.first()
    duration_s = recording.duration_s if recording else math.inf
    if not (math.isfinite(at_s) and 0 <= at_s <= duration_s):
        raise ValidationError({"at_s": f"The recording has no second {at_s:g}; it lasts {duration_s:.1f} s."})
