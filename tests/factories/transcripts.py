"""Transcripts whose program says what the test decides; everything around it is real."""

from typing import Any

import pytest

from tests.factories.consent import agree
from tests.factories.programs import FakeProgram

SENTENCES = [
    (0.5, 3.0, "Thank you for coming today."),
    (3.2, 6.0, "Why did you apply?"),
    (6.5, 11.0, "I like to build things that last."),
    (11.5, 13.0, ""),
    (13.5, 16.0, "What do you earn?"),
]
DONE = {
    "refusal": "",
    "speech_s": 13.0,
    "readable_s": 11.5,
    "wall_s": 2.0,
    "realtime_factor": 10.0,
    "model_name": "whisper-tiny.en",
    "model_version": "0.1.0",
    "model_sha256": "1a" * 32,
}


def said(*, sentences=SENTENCES, **done: Any) -> list[dict[str, Any]]:
    """The lines of the program."""
    lines: list[dict[str, Any]] = [{"progress": 0.5}]
    for start_s, end_s, text in sentences:
        reason = "" if text else "The words could not be made out as English."
        lines.append(
            {"sentence": {"start_s": start_s, "end_s": end_s, "text": text, "readable": bool(text), "reason": reason}}
        )
    return [*lines, {"done": {**DONE, **done}}]


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> FakeProgram:
    fake = FakeProgram(lines=said())
    monkeypatch.setattr("ml.confinement.programs.run_confined", fake)
    return fake


@pytest.fixture
def recording(interview: Any) -> Any:
    """Alice's recording, of which the candidate agreed to a transcript."""
    recording = interview.recordings.get()
    agree(interview, "transcript")
    return recording


@pytest.fixture
def queued(recording: Any, alice: Any) -> Any:
    from analysis.services import transcript_request

    return transcript_request(recording=recording, by=alice)


@pytest.fixture
def transcript(queued: Any, program: FakeProgram) -> Any:
    """One that has succeeded."""
    from analysis.services import transcript_execute

    transcript_execute(transcript_id=queued.pk)
    queued.refresh_from_db()
    assert queued.status == "succeeded", queued.reason
    return queued
