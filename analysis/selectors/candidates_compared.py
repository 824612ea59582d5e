"""Interviews of one position side by side, question by question, in the order that the reader chose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from analysis.models import AnalysisRun
from analysis.selectors.answers import answers_sections
from analysis.selectors.runs import run_latest_succeeded
from analysis.timelines import TimelinesError
from interviews.models import Interview, User
from interviews.selectors import interviews_visible
from interviews.selectors.policy import NOT_SHOWN, interview_policy
from interviews.selectors.scorecards import LOCKED, readings_locked

MAXIMUM: Final = 4
OFFERED: Final = 50
NO_REPORT: Final = "There is no report of this interview."
NO_QUESTIONS: Final = "No questions are marked in this interview, so its answers have no row here."


def interviews_chosen(*, user: User, ids: Sequence[UUID]) -> list[Interview]:
    """The first four that ``user`` sees, in the order of ``ids``; those of another position than the first are left
    out."""
    found = {interview.pk: interview for interview in interviews_visible(user=user).filter(pk__in=ids)}
    chosen = [found[pk] for pk in dict.fromkeys(ids) if pk in found]
    return [interview for interview in chosen if interview.position_id == chosen[0].position_id][:MAXIMUM]


def interviews_offered(*, user: User, chosen: Sequence[Interview]) -> QuerySet[Interview]:
    """Others of the same position with a report, the newest first."""
    with_report = AnalysisRun.objects.succeeded().values("recording__interview")
    others = interviews_visible(user=user).filter(pk__in=with_report).exclude(pk__in=[one.pk for one in chosen])
    return others.filter(position=chosen[0].position_id if chosen else None)[:OFFERED]


def interviews_side_by_side(*, user: User, interviews: Sequence[Interview]) -> dict[str, Any]:
    """``columns``: each interview with its ``problem``, if there is one. ``rows``: each question with a cell a column,
    None where it was not asked there. Rows are in the order of the first interview, then of the others.

    Questions are the same where their words are, without regard to case and space; those without words by their number.
    What one interview asked twice has two rows.
    """
    columns, asked = [], []
    for interview in interviews:
        sections, problem = _sections(interview, user)
        columns.append({"interview": interview, "problem": problem})
        asked.append(_by_question(sections))
    order = dict.fromkeys(key for sections in asked for key in sections)
    rows = []
    for key in order:
        cells = [sections.get(key) for sections in asked]
        named = next(cell for cell in cells if cell is not None)
        rows.append({"text": named["text"], "number": named["number"], "cells": cells})
    return {"columns": columns, "rows": rows}


def _sections(interview: Interview, user: User) -> tuple[list[dict[str, Any]], str]:
    """The answers of an interview, or why there are none."""
    if not interview_policy(interview=interview).shows_organization:
        return [], NOT_SHOWN
    if readings_locked(interview=interview, user=user):
        return [], LOCKED
    run = run_latest_succeeded(interview=interview)
    if run is None:
        return [], NO_REPORT
    try:
        sections = answers_sections(interview=interview, run=run, user=user)
    except TimelinesError as error:
        return [], str(error)
    if not all(section["is_question"] for section in sections):
        return [], NO_QUESTIONS
    return sections, ""


def _by_question(sections: Sequence[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """The answers by the words of their question, and how often it was asked before."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    times: Counter[str] = Counter()
    for section in sections:
        words = " ".join(section["text"].split()).casefold() or f"number {section['number']}"
        found[words, times[words]] = section
        times[words] += 1
    return found
