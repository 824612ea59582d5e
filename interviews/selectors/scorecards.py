"""Ratings of an interview: one's own, those of others once one has rated, and how far they agree."""

from collections import defaultdict
from collections.abc import Sequence
from http import HTTPStatus
from itertools import chain
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from interviews.errors import Refusal
from interviews.models import Criterion, Interview, Question, Scorecard, User
from interviews.selectors.interviews import Viewer
from interviews.selectors.policy import results_require

Status = Scorecard.Status
LOCKED: Final = "Your organization rates first: charts and numbers are shown once you have submitted your scorecard."


def criteria_of(*, interview: Interview) -> list[Criterion]:
    """What is rated: the organization's criteria in use, in their order."""
    return list(interview.organization.criteria.filter(retired_at=None))


def scorecard_of(*, interview: Interview, user: Viewer) -> Scorecard | None:
    return interview.scorecards.filter(reviewer=user.pk).first()


def has_rated(*, interview: Interview, user: Viewer) -> bool:
    """Whether the person has submitted a scorecard, or said that they read without rating."""
    return interview.scorecards.filter(reviewer=user.pk).exclude(status=Status.DRAFT).exists()


def readings_locked(*, interview: Interview, user: Viewer) -> bool:
    """Whether what was measured is hidden from the person until they have rated."""
    if not interview.organization.rate_first or has_rated(interview=interview, user=user):
        return False
    return interview.organization.criteria.filter(retired_at=None).exists()


def rating_require(*, interview: Interview, user: Viewer) -> None:
    """Raises :class:`Refusal` while the person has still to rate."""
    if readings_locked(interview=interview, user=user):
        raise Refusal("rate_first", LOCKED, HTTPStatus.FORBIDDEN)


def readings_require(*, interview: Interview, user: Viewer) -> None:
    """Raises :class:`Refusal` while what was measured is hidden from the person, or where policy shows it to the
    candidate alone."""
    results_require(interview=interview)
    rating_require(interview=interview, user=user)


def ratings_page(*, interview: Interview, user: Viewer) -> dict[str, Any]:
    """What the scorecard's page shows.

    ``rows``: per criterion as a whole, and per question where it is rated for each, with ``own`` and the ``values`` of
    others. ``others`` and ``agreement`` are None until the person has rated; ``agreement`` until everybody has.
    """
    own = scorecard_of(interview=interview, user=user)
    criteria, questions = criteria_of(interview=interview), list(interview.questions.all())
    has_own = own is not None and own.status != Status.DRAFT
    submitted: list[Scorecard] = list(_submitted(interview)) if has_own else []
    given = {(score.criterion_id, score.question_id): score.value for score in own.scores.all()} if own else {}
    values: dict[tuple[UUID, UUID | None], list[tuple[str, int]]] = defaultdict(list)
    for scorecard in submitted:
        for score in scorecard.scores.all():
            values[score.criterion_id, score.question_id].append((str(scorecard.reviewer), score.value))
    waiting = raters_waiting(interview=interview)
    rows = [_row(criterion, None, given, values) for criterion in criteria]
    answers: list[dict[str, Any]] = [
        {
            "question": question,
            "rows": [_row(criterion, question, given, values) for criterion in criteria if criterion.per_question],
        }
        for question in questions
        if any(criterion.per_question for criterion in criteria)
    ]
    everything = [*rows, *chain.from_iterable(answer["rows"] for answer in answers)]
    return {
        "own": own,
        "is_open": own is None or own.status == Status.DRAFT,
        "rows": rows,
        "answers": answers,
        "others": [scorecard for scorecard in submitted if scorecard.reviewer_id != user.pk] if has_own else None,
        "waiting": [str(person) for person in waiting],
        "agreement": agreement(everything) if has_own and not waiting and len(submitted) > 1 else None,
        "decisions": list(interview.decisions.select_related("decided_by")),
    }


def raters_waiting(*, interview: Interview) -> list[User]:
    """Who has been given the interview, or has begun a scorecard, and has neither submitted nor waived."""
    asked = Q(assignments__interview=interview) | Q(scorecards__interview=interview)
    done = interview.scorecards.exclude(status=Status.DRAFT).values("reviewer_id")
    return list(User.objects.filter(asked, is_active=True).exclude(pk__in=done).distinct())


def agreement(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How far ratings by several people lie apart: of ``rated`` criteria, ``equal`` and ``close`` (within one step).

    Each row gets its ``spread``, the steps between its lowest and highest rating.
    """
    rated = [row for row in rows if len(row["values"]) > 1]
    for row in rated:
        numbers = [value for _, value in row["values"]]
        row["spread"] = max(numbers) - min(numbers)
    return {
        "rated": len(rated),
        "equal": sum(row["spread"] == 0 for row in rated),
        "close": sum(row["spread"] <= 1 for row in rated),
    }


def _submitted(interview: Interview) -> QuerySet[Scorecard]:
    rated = interview.scorecards.filter(status=Status.SUBMITTED)
    return rated.select_related("reviewer").prefetch_related("scores").order_by("submitted_at")


def _row(criterion: Criterion, question: Question | None, given: Any, values: Any) -> dict[str, Any]:
    cell = (criterion.pk, question.pk if question else None)
    return {
        "criterion": criterion,
        "field": f"score-{criterion.pk}" + (f"-{question.pk}" if question else ""),
        "own": given.get(cell),
        "values": values.get(cell, []),
    }
