"""What the log promises to have is written by the pages and programs that do it."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from analysis.models import Transcript, TranscriptSentence
from analysis.services import run_request
from interviews.models import AuditEntry
from interviews.room_pictures import picture_forget, picture_keep
from interviews.services.own_page import comment_add
from tests.factories.consent import agree

ROOT = Path(__file__).resolve().parents[3]


def logged() -> list[tuple[str, str, str]]:
    """Action, kind of actor and interview of every entry, the oldest first."""
    entries = AuditEntry.objects.order_by("number").values_list("action", "actor_kind", "interview")
    return [(action, kind, str(interview or "")) for action, kind, interview in entries]


def test_every_action_has_a_place_that_writes_it() -> None:
    code = "\n".join(path.read_text() for app in ("interviews", "analysis") for path in (ROOT / app).rglob("*.py"))
    unwritten = [name for name in AuditEntry.Action.names if not re.search(rf"Action\.{name}\b", code)]
    assert unwritten == []


def test_watching_a_live_interview_and_its_pictures(room: Any, alice: Any, client_of: Any) -> None:
    browser = client_of(alice)
    picture_keep(room.pk, b"\xff\xd8jpeg")
    for _ in range(3):
        assert browser.get(f"/rooms/{room.pk}/").status_code == 200
        assert browser.get(f"/api/v1/rooms/{room.pk}/frame/").status_code == 200
    browser.post(f"/api/v1/rooms/{room.pk}/invitation/")
    picture_forget(room.pk)
    interview = str(room.interview_id)
    assert logged()[-3:] == [
        ("live_watched", "person", interview),
        ("frame_viewed", "person", interview),
        ("invitation_changed", "person", interview),
    ]


def test_correcting_a_transcript_analysing_again_and_a_candidates_comment(
    interview: Any, alice: Any, client_of: Any
) -> None:
    agree(interview, "transcript")
    transcript = Transcript.objects.create(recording=interview.recordings.get(), status="succeeded")
    sentence = TranscriptSentence.objects.create(transcript=transcript, position=0, start_s=0, end_s=1, text="Hello.")
    address = f"/api/v1/interviews/{interview.pk}/transcript/sentences/{sentence.pk}/"
    assert client_of(alice).patch(address, {"text": "Good day."}, "application/json").status_code == 200
    run_request(recording=interview.recordings.get(), by=alice)
    comment_add(interview=interview, text="I was tired.")
    assert [(action, kind) for action, kind, _ in logged()[-3:]] == [
        ("transcript_changed", "person"),
        ("readings_changed", "person"),
        ("commented", "candidate"),
    ]
    assert not any(word in str([*AuditEntry.objects.values_list("details")]) for word in ("Good day", "tired", "Hello"))


@pytest.mark.parametrize("name", ["alice@northwind.example", "nobody@mail.example"])
def test_being_locked_out_is_logged_once_and_for_accounts_alone(alice: Any, settings: Any, name: str) -> None:
    settings.AXES_ENABLED = True
    for _ in range(settings.AXES_FAILURE_LIMIT + 3):
        Client().post("/login/", {"username": name, "password": "wrong"})
    entries = AuditEntry.objects.filter(action="locked_out")
    assert entries.count() == (name == alice.email)
    assert name not in str([*entries.values_list("details")])
