"""The notice to candidates: complete as it comes, an organization's own in versions."""

import hashlib
import json

import pytest

from interviews.consent_words import VERSION, own_page_words, room_words
from interviews.models import NoticeVersion
from interviews.notice import DEFAULTS, PARTS
from interviews.selectors.notice import interview_notice
from tests.factories.rooms import candidate, invited, make_room, room  # noqa: F401  (fixtures)


def test_the_default_names_everything_and_leaves_no_gap(interview):
    notice = interview_notice(interview=interview)
    assert [heading for heading, _ in notice.parts] == list(PARTS.values())
    assert DEFAULTS.keys() == PARTS.keys()
    text = " ".join(text for _, text in notice.parts)
    for words in ("Northwind", "alice@northwind.example", "6(1)(a)", " days.", "authority"):
        assert words in text
    assert "{" not in text


def test_an_administrator_writes_versions_and_answers_name_theirs(carol, client_of, room, candidate):  # noqa: F811
    candidate.agree(transcript=False)
    browser = client_of(carol)
    assert "The text that Candor comes with" in browser.get("/notice/").content.decode()
    for _ in range(2):
        browser.post("/notice/", {"controller": "Northwind GmbH, Bergstr. 1 {organization}"})
    assert NoticeVersion.objects.count() == 1
    page = candidate.client.get(f"/join/room/{room.pk}/").content.decode()
    assert "Northwind GmbH, Bergstr. 1 {organization}" in page, "own words are not a template"
    candidate.agree(transcript=True)
    events = room.interview.consent_events.filter(purpose="transcript")
    assert [event.notice for event in events] == [0, 1]
    with pytest.raises(TypeError):
        NoticeVersion.objects.update(texts={})


def test_the_picture_of_the_room_is_named_where_it_is_agreed_to():
    assert "passes single pictures of you on" in room_words("Northwind")["recording"]


def test_changed_words_are_a_new_version():
    words = json.dumps([room_words("X"), own_page_words("X")], sort_keys=True)
    versions = {"2026-11-28": "169bbae8a14373f4", "2026-11-28.2": "fcca9563dca1ee3f"}
    assert versions[VERSION] == hashlib.sha256(words.encode()).hexdigest()[:16]
