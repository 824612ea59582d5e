"""The copy that a candidate takes from their own page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from analysis.models import LabelFeedback, Playback
from analysis.reporting.exports.archive import document_text
from analysis.reporting.exports.definitions import definitions_text
from analysis.reporting.exports.paper import PdfUnavailable, pdf_of
from analysis.reporting.exports.streaming import Entry
from analysis.reporting.exports.tables import tables_of
from analysis.selectors.exports import interview_export
from analysis.selectors.transcripts import transcript_files
from interviews.models import AuditEntry, GazeCalibration, Interview
from interviews.selectors.notice import interview_notice
from interviews.selectors.policy import interview_policy


def own_copy_entries(*, interview: Interview) -> list[Entry]:
    """Every file of the copy: recording, readings, metrics with their definitions, transcript, notes, consents with
    their evidence, the notice, and who looked. Ratings and decisions, other people's opinions, are not in it."""
    export = interview_export(interview=interview, user=interview.owner, notes=True, for_candidate=True)
    notice = interview_notice(interview=interview)
    texts: dict[str, str | bytes] = {
        "README.txt": definitions_text(export, has_recording=True),
        "interview.json": document_text(export),
        **{name: table.text() for name, table in tables_of(export).items()},
        **transcript_files(interview=interview),
        "consents.json": json.dumps(_consents(interview), ensure_ascii=False, indent=2, default=str) + "\n",
        "also-held.json": json.dumps(_also_held(interview), ensure_ascii=False, indent=2, default=str) + "\n",
        "notice.txt": "\n\n".join(f"{heading}\n{text}" for heading, text in notice.parts) + "\n",
        "my-comments.txt": "\n\n".join(comment.text for comment in interview.candidate_comments.all()) + "\n",
        "who-looked.csv": _who_looked(interview),
    }
    try:
        texts["report.pdf"] = pdf_of(export)
    except PdfUnavailable as error:
        texts["report.pdf is missing.txt"] = f"{error}\n"
    entries: list[Entry] = [(name, text.encode() if isinstance(text, str) else text) for name, text in texts.items()]
    return [*entries, *_files(interview)]


def _files(interview: Interview) -> Iterator[Entry]:
    for number, recording in enumerate(interview.recordings.all(), start=1):
        yield f"recording-{number}.{_ending(recording.file.name)}", _opening(recording.file)
    for number, playback in enumerate(Playback.objects.filter(recording__interview=interview), start=1):
        for kind in ("copy", "poster"):
            if file := getattr(playback, kind):
                yield f"recording-{number}-{kind}.{_ending(file.name)}", _opening(file)
    for number, evidence in enumerate(interview.consent_evidence.exclude(file=""), start=1):
        yield f"consent-evidence-{number}.{_ending(evidence.file.name)}", _opening(evidence.file)
    for number, record in enumerate(interview.rule_records.exclude(file=""), start=1):
        yield f"{record.rule}-{number}.{_ending(record.file.name)}", _opening(record.file)


def _opening(file: Any) -> Any:
    return lambda: file.storage.open(file.name, "rb")


def _ending(name: str | None) -> str:
    return (name or "").rpartition(".")[2]


def _consents(interview: Interview) -> dict[str, Any]:
    return {
        "answers": [
            {
                "purpose": event.purpose,
                "agreed": event.given,
                "at": event.at.isoformat(timespec="seconds"),
                "how": event.get_how_display(),
                "words": event.statement,
                "version_of_the_words": event.version,
                "language": event.language,
                "notice": event.notice,
            }
            for event in interview.consent_events.all()
        ],
        "evidence": [
            {"kind": one.get_basis_display(), "words": one.words, "at": one.at.isoformat(timespec="seconds")}
            for one in interview.consent_evidence.all()
        ],
        "what_the_rules_asked": [
            {"rule": one.rule, "kind": one.get_kind_display(), "on": one.on, "words": one.words, "at": one.at}
            for one in interview.rule_records.all()
        ],
    }


def _also_held(interview: Interview) -> dict[str, Any]:
    """What people said of readings, the calibration of the gaze, and the links for people outside."""
    allowed = interview_policy(interview=interview).modalities
    corrections = LabelFeedback.objects.filter(recording__interview=interview, modality__in=allowed)
    said = ("modality", "start_s", "end_s", "label_read", "label_right", "comment", "created_at")
    calibrated = ("parameters", "error_degrees", "points", "created_at")
    shown = ("parts", "created_at", "expires_at", "revoked_at", "opened_at")
    return {
        "what_people_said_of_readings": list(corrections.values(*said)),
        "gaze_calibration": GazeCalibration.objects.filter(room__interview=interview).values(*calibrated).first(),
        "links_for_people_outside": list(interview.share_links.values(*shown)),
    }


def _who_looked(interview: Interview) -> str:
    """The log's lines on the interview. People of the organization are told apart by a number, not named."""
    people: dict[Any, str] = {}
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(("at", "who", "what"))
    for entry in AuditEntry.objects.filter(interview=interview.pk).order_by("number"):
        who = {"candidate": "You", "system": "Candor"}.get(entry.actor_kind)
        if who is None:
            who = people.setdefault(entry.actor, f"Person {len(people) + 1} of {interview.organization.slug}")
        rows.writerow((entry.at.isoformat(timespec="seconds"), who, entry.get_action_display()))
    return text.getvalue()
