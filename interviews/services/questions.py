"""Question marks: the seconds of a recording at which the interviewer asked something."""

import math
from typing import Final

from django.core.exceptions import ValidationError

from interviews.models import Interview, Question, User

MAXIMUM_QUESTIONS: Final = 200
MAXIMUM_TEXT_LENGTH: Final = 500


def question_add(*, interview: Interview, by: User, at_s: float, text: str = "") -> Question:
    """Mark a question at ``at_s`` seconds. Raises ``ValidationError`` with sentences by field (``at_s``, ``text``)."""
    fields = _checked(interview, at_s=at_s, text=text)
    if interview.questions.count() >= MAXIMUM_QUESTIONS:
        raise ValidationError({"at_s": f"An interview holds at most {MAXIMUM_QUESTIONS} question marks."})
    return Question.objects.create(interview=interview, created_by=by, **fields)


def question_change(*, question: Question, at_s: float | None = None, text: str | None = None) -> Question:
    """Move a mark, or change its text; what is None stays. Raises ``ValidationError`` as :func:`question_add`."""
    fields = _checked(
        question.interview,
        at_s=question.at_s if at_s is None else at_s,
        text=question.text if text is None else text,
    )
    question.at_s, question.text = fields["at_s"], fields["text"]
    question.save(update_fields=["at_s", "text"])
    return question


def question_remove(*, question: Question) -> None:
    question.delete()


def _checked(interview: Interview, *, at_s: float, text: str) -> dict[str, float | str]:
    recording = interview.recordings.first()
    if recording is None:
        raise ValidationError({"at_s": "This interview has no recording yet, so there is nothing to mark."})
    if not math.isfinite(at_s):
        raise ValidationError({"at_s": "Enter the second of the question as a number."})
    if not 0.0 <= at_s <= recording.duration_s:
        raise ValidationError(
            {"at_s": f"A question mark must lie within the recording, between 0 and {recording.duration_s:.1f} s."}
        )
    text = " ".join(text.split())
    if len(text) > MAXIMUM_TEXT_LENGTH:
        raise ValidationError({"text": f"The question is longer than {MAXIMUM_TEXT_LENGTH} characters."})
    return {"at_s": min(round(at_s, 3), recording.duration_s), "text": text}
