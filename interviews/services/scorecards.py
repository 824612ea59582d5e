"""Ratings of an interview by people, and what somebody decides. Nothing here reads a measurement."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, Decision, Interview, Score, Scorecard, User
from interviews.models.scorecards import SCALE
from interviews.selectors.scorecards import criteria_of
from interviews.services.audit import audit_append
from interviews.services.holds import hold_keep

Status = Scorecard.Status
Cell = tuple[UUID, UUID | None]
"""A criterion and a question, or None for the interview as a whole."""

MAXIMUM_COMMENT_LENGTH: Final = 4000


@transaction.atomic
def scorecard_save(
    *, interview: Interview, by: User, scores: Mapping[Cell, int | None], comment: str = "", submit: bool = False
) -> Scorecard:
    """Keep a draft of one's own scorecard, or submit it, after which it is not changed any more.

    ``scores``: every rating given so far; None is none. Submitting needs one for each criterion as a whole; ratings of
    single questions may be left out. Raises ``ValidationError``, and :class:`Refusal` for one that is submitted.
    """
    scorecard = _open_scorecard(interview, by)
    comment = comment.strip()
    if len(comment) > MAXIMUM_COMMENT_LENGTH:
        raise ValidationError({"comment": f"The comment is longer than {MAXIMUM_COMMENT_LENGTH} characters."})
    criteria = {criterion.pk: criterion for criterion in criteria_of(interview=interview)}
    questions = set(interview.questions.values_list("pk", flat=True))
    given = {cell: value for cell, value in scores.items() if value is not None}
    for (criterion_id, question_id), value in given.items():
        criterion = criteria.get(criterion_id)
        fits = criterion is not None and (question_id is None or (criterion.per_question and question_id in questions))
        if not fits or value not in SCALE:
            raise ValidationError({"scores": "A rating is of a criterion of this organization, from 1 to 5."})
    missing = [criterion.name for pk, criterion in criteria.items() if (pk, None) not in given]
    if submit and missing:
        raise ValidationError({"scores": f"Not rated yet: {', '.join(missing)}."})
    before = {(score.criterion_id, score.question_id): score.value for score in scorecard.scores.all()}
    if not before.items() <= given.items() or scorecard.comment not in ("", comment):
        _keep(scorecard, by)
    scorecard.scores.all().delete()
    Score.objects.bulk_create(
        Score(scorecard=scorecard, criterion_id=criterion_id, question_id=question_id, value=value)
        for (criterion_id, question_id), value in given.items()
    )
    scorecard.comment = comment
    if submit:
        scorecard.status, scorecard.submitted_at = Status.SUBMITTED, timezone.now()
    scorecard.save()
    if submit:
        _log(interview, by, "scorecard submitted", scorecard=scorecard.pk)
    return scorecard


@transaction.atomic
def scorecard_waive(*, interview: Interview, by: User) -> Scorecard:
    """Say that one reads the report without rating the interview, for good. Raises :class:`Refusal` as above."""
    scorecard = _open_scorecard(interview, by)
    _keep(scorecard, by)
    scorecard.scores.all().delete()
    scorecard.status, scorecard.comment = Status.WAIVED, ""
    scorecard.save()
    _log(interview, by, "reads without rating", scorecard=scorecard.pk)
    return scorecard


@transaction.atomic
def decision_add(*, interview: Interview, by: User, outcome: str, reason: str) -> Decision:
    """Decide about the candidate, with a reason; an earlier decision stays readable. Raises ``ValidationError``."""
    reason, errors = reason.strip(), {}
    if outcome not in Decision.Outcome.values:
        errors["outcome"] = "Choose what was decided."
    if not reason or len(reason) > MAXIMUM_COMMENT_LENGTH:
        errors["reason"] = f"Give the reason, in at most {MAXIMUM_COMMENT_LENGTH} characters."
    if errors:
        raise ValidationError(errors)
    decision = Decision.objects.create(interview=interview, outcome=outcome, reason=reason, decided_by=by)
    _log(interview, by, "decided", decision=decision.pk)
    return decision


def _open_scorecard(interview: Interview, by: User) -> Scorecard:
    scorecard, _ = Scorecard.objects.select_for_update().get_or_create(interview=interview, reviewer=by)
    if scorecard.status == Status.SUBMITTED:
        raise Refusal("submitted", "Your scorecard is submitted, and is not changed any more.")
    if scorecard.status == Status.WAIVED:
        raise Refusal("waived", "You said that you read this interview without rating it.")
    return scorecard


def _keep(scorecard: Scorecard, by: User) -> None:
    hold_keep(interview=scorecard.interview, rows=Scorecard.objects.filter(pk=scorecard.pk), by=by)
    hold_keep(interview=scorecard.interview, rows=scorecard.scores.all(), by=by)


def _log(interview: Interview, by: User, change: str, **details: Any) -> None:
    audit_append(action=AuditEntry.Action.RATING_CHANGED, by=by, interview=interview, change=change, **details)
