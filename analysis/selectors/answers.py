"""What was read and said in each part of an interview."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.models import AnalysisRun
from analysis.reporting.sections import sections_of
from analysis.selectors.runs import questions_json, timelines_allowed
from analysis.selectors.transcripts import transcript_for
from analysis.timelines import timelines_read
from interviews.models import Interview, User
from interviews.selectors.notes import notes_threads
from interviews.selectors.policy import interview_policy
from interviews.selectors.scorecards import ratings_page


def answers_sections(*, interview: Interview, run: AnalysisRun, user: User) -> list[dict[str, Any]]:
    """The parts of the recording (see :mod:`analysis.reporting.sections`) with their ``interview_id`` and the ``notes``
    in each, answers included.

    Raises :class:`analysis.timelines.TimelinesError`.
    """
    stored = timelines_read(run.timeline_file.name or "")
    sections = sections_of(
        timelines=timelines_allowed(run, stored.timelines),
        metrics=interview_policy(interview=interview).metrics,
        duration_s=stored.duration_s,
        questions=questions_json(interview=interview),
        sentences=transcript_for(interview)["sentences"],
    )
    notes = [note for note in notes_threads(interview=interview, user=user) if note["at_s"] is not None]
    for section in sections:
        section["interview_id"] = interview.pk
        section["notes"] = [note for note in notes if section["start_s"] <= note["at_s"] < section["end_s"]]
    return sections


def sections_rated(*, sections: Sequence[dict[str, Any]], interview: Interview, user: User) -> list[dict[str, Any]]:
    """The parts with their ``ratings``, a row for each criterion that is rated for every question: ``own``, and the
    ``values`` of everybody once the person has rated (:func:`interviews.selectors.scorecards.ratings_page`)."""
    answers = ratings_page(interview=interview, user=user)["answers"]
    rows = {answer["question"].pk: answer["rows"] for answer in answers}
    questions = questions_json(interview=interview)
    return [
        {**one, "ratings": rows.get(questions[one["number"] - 1]["id"], []) if one["is_question"] else []}
        for one in sections
    ]
