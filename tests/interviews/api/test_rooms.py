"""Setting up a live room over HTTP."""

import pytest
from django.core import mail

from interviews.models import Room


def create(browser, **fields):
    body = {
        "candidate_name": "Dana  Diaz ",
        "candidate_email": "Dana@mail.example",
        "position": "Data Engineer",
        **fields,
    }
    return browser.post("/api/v1/rooms/", body, "application/json")


def test_a_live_interview_is_set_up_and_the_candidate_is_invited(alice, client_of):
    answer = create(client_of(alice), questions=["Why us?", " What  next? "], spoken_language="english")
    assert answer.status_code == 201
    room = Room.objects.get(pk=answer.json()["id"])
    assert (room.status, room.host, room.interview.owner) == ("waiting", alice, alice)
    assert (room.interview.candidate.name, room.interview.candidate.email) == ("Dana Diaz", "dana@mail.example")
    assert room.interview.spoken_language == "english"
    assert [q.text for q in room.interview.prepared_questions.all()] == ["Why us?", "What next?"]
    invitation = answer.json()["invitation"]
    assert invitation["mailed"]
    (message,) = mail.outbox
    assert message.to == ["dana@mail.example"]
    assert invitation["url"] in message.body
    assert "without analysis and without a transcript" in message.body


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"candidate_name": " "}, "candidate_name"),
        ({"candidate_email": "dana"}, "candidate_email"),
        ({"position": "x" * 151}, "position"),
        ({"spoken_language": "klingon"}, "spoken_language"),
        ({"questions": ["x" * 501]}, "questions"),
        ({"questions": ["Why?"] * 51}, "questions"),
    ],
)
def test_wrong_fields_are_named_and_nothing_is_made(alice, client_of, fields, named):
    answer = create(client_of(alice), **fields)
    assert answer.status_code == 400
    assert named in answer.json()
    assert not Room.objects.exists()
    assert not mail.outbox


def test_a_mail_server_that_is_down_does_not_lose_the_link(alice, client_of, monkeypatch):
    def refuse(*message):
        raise ConnectionRefusedError

    monkeypatch.setattr("interviews.services.mailing.send_mail", refuse)
    answer = create(client_of(alice))
    assert answer.status_code == 201
    assert not answer.json()["invitation"]["mailed"]
    assert answer.json()["invitation"]["url"].startswith("http://testserver/join/")
