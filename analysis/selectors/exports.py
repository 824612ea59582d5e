"""An interview as one document for files, reduced to what its policy allows."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils import timezone

from analysis.models import AnalysisRun
from analysis.reporting.exports.definitions import TERMS
from analysis.reporting.report import timelines_json
from analysis.selectors.robustness import robustness_export
from analysis.selectors.runs import questions_json, run_latest_succeeded, run_report, run_timelines_stored
from analysis.selectors.transcripts import transcript_for
from interviews.models import Interview, Scorecard
from interviews.selectors import Viewer
from interviews.selectors.consent import consents_of
from interviews.selectors.notes import notes_threads
from interviews.selectors.policy import interview_policy
from interviews.selectors.scorecards import has_rated

FORMAT: Final = "candor-interview"
VERSION: Final = 1
SCHEMA: Final = "schemas/candor-interview-1.schema.json"
"""Below the static files: the JSON Schema of the document."""


def interview_export(
    *,
    interview: Interview,
    user: Viewer,
    notes: bool = False,
    ratings: bool = False,
    timelines: bool = True,
    for_candidate: bool = False,
) -> dict[str, Any]:
    """The document, as its schema describes it. ``user`` gets others' ratings once they have rated themselves.

    ``for_candidate``: it is the candidate's own copy, which also has what people of the organization may not see.

    What the interview's policy does not allow is not in it, and ``left_out`` names it with the rule.
    """
    policy = interview_policy(interview=interview)
    is_shown = policy.shows_organization or for_candidate
    run = run_latest_succeeded(interview=interview) if is_shown else None
    recording = run.recording if run else interview.recordings.first()
    transcript = transcript_for(interview) if policy.transcript and is_shown else None
    return {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": _iso(timezone.now()),
        "interview": {
            "id": str(interview.pk),
            "candidate": {"name": interview.candidate.name, "email": interview.candidate.email},
            "position": interview.position.title if interview.position else None,
            "owner": str(interview.owner),
            "added_at": _iso(interview.created_at),
            "consents": dict(consents_of(interview_id=interview.pk).answers),
        },
        "recording": recording
        and {
            "file_name": recording.original_name,
            "sha256": recording.sha256,
            "duration_s": round(recording.duration_s, 3),
            "width": recording.width,
            "height": recording.height,
            "fps": round(recording.fps, 3),
            "has_audio": recording.has_audio,
        },
        "analysis": _analysis(run, timelines=timelines) if run else None,
        "left_out": [{"rule": left.rule.title, "keys": list(left.keys)} for left in policy.left_out],
        "questions": [{"at_s": row["at_s"], "text": row["text"]} for row in questions_json(interview=interview)],
        "transcript": _transcript(transcript) if transcript and transcript["status"] == "succeeded" else None,
        "notes": [_note(note) for note in notes_threads(interview=interview, user=user)] if notes else None,
        "ratings": _ratings(interview) if ratings and has_rated(interview=interview, user=user) else None,
        "definitions": TERMS,
    }


def _analysis(run: AnalysisRun, *, timelines: bool) -> dict[str, Any]:
    """Report and timelines of a run; both come without what policy does not allow."""
    report = run_report(run=run)
    stored = run_timelines_stored(run=run) if timelines else None
    lanes = timelines_json(duration_s=run.recording.duration_s, timelines=stored or {})
    return {
        "id": str(run.pk),
        "finished_at": _iso(run.finished_at) if run.finished_at else None,
        "modalities": report["modalities"],
        "metrics": report["metrics"],
        "notes": report["notes"],
        "statement": report["statement"],
        "timelines": lanes["modalities"],
        "robustness": robustness_export(run=run),
    }


def _transcript(transcript: dict[str, Any]) -> dict[str, Any]:
    """The sentences without the readings beside them, which the timelines have."""
    columns = ("start_s", "end_s", "text", "readable", "reason")
    return {
        "model": transcript["model"],
        "sentences": [
            {**{column: row[column] for column in columns}, "is_corrected": row["correction"] is not None}
            for row in transcript["sentences"]
        ],
    }


def _note(note: dict[str, Any]) -> dict[str, Any]:
    columns = ("at_s", "end_s", "text", "author")
    shown = {column: note[column] for column in columns} | {"created_at": _iso(note["created_at"])}
    return {**shown, "replies": [_note(reply) for reply in note.get("replies", [])]}


def _ratings(interview: Interview) -> dict[str, Any]:
    submitted = interview.scorecards.filter(status=Scorecard.Status.SUBMITTED).select_related("reviewer")
    scores = [
        {
            "criterion": score.criterion.name,
            "question": (score.question.text or f"{score.question.at_s:.1f} s") if score.question else None,
            "person": str(scorecard.reviewer),
            "value": score.value,
            "lowest": score.criterion.anchor_low,
            "middle": score.criterion.anchor_middle,
            "highest": score.criterion.anchor_high,
        }
        for scorecard in submitted
        for score in scorecard.scores.select_related("criterion", "question")
    ]
    decisions = interview.decisions.select_related("decided_by")
    return {
        "scores": scores,
        "comments": [{"person": str(card.reviewer), "text": card.comment} for card in submitted if card.comment],
        "decisions": [
            {
                "outcome": decision.outcome,
                "reason": decision.reason,
                "person": str(decision.decided_by),
                "decided_at": _iso(decision.decided_at),
            }
            for decision in decisions
        ],
    }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
