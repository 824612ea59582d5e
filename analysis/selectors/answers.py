"""What was read and said in each part of an interview."""

from __future__ import annotations

from typing import Any

from analysis.models import AnalysisRun
from analysis.reporting.sections import sections_of
from analysis.selectors.runs import questions_json, timelines_allowed
from analysis.selectors.transcripts import transcript_for
from analysis.timelines import timelines_read
from interviews.models import Interview, User
from interviews.selectors.notes import notes_threads
from interviews.selectors.policy import interview_policy


def answers_sections(*, interview: Interview, run: AnalysisRun, user: User) -> list[dict[str, Any]]:
    """The parts of the recording (see :mod:`analysis.reporting.sections`) with the notes in each, answers included.

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
        section["notes"] = [note for note in notes if section["start_s"] <= note["at_s"] < section["end_s"]]
    return sections
