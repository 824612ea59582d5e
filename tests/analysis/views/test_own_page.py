"""The candidate's own page: who reaches it by what, and what happens there."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from interviews.models import CandidateRequest, ConsentEvent
from interviews.services.own_page import own_page_link_create
from tests.factories.rooms import Candidate, candidate, invited, make_room, room  # noqa: F401  (fixtures)


@pytest.fixture(autouse=True)
def uncounted():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def link(interview, alice) -> str:
    return reverse("own_page_door", args=[own_page_link_create(interview=interview, by=alice)])


@pytest.fixture
def path(interview) -> str:
    return reverse("own_page", args=[interview.pk])


@pytest.fixture
def dana(link) -> Client:
    """A browser in which the button behind the link was pressed."""
    browser = Client()
    assert browser.post(link).status_code == 302
    return browser


def test_looking_at_the_link_shows_and_opens_nothing(interview, link, path):
    browser = Client()
    assert "Dana" not in browser.get(link).content.decode(), "a program that scans mail sees nothing"
    assert browser.get(path).status_code == 404
    browser.post(link)
    shown = browser.get(path).content.decode()
    for words in (
        "Dana Diaz",
        "Recording",
        "What you agree to",
        "Ask for erasure",
        "Everything is erased by itself on",
    ):
        assert words in shown


def test_a_wrong_link_and_a_colleague_are_sent_away(link, path, client_of, alice):
    assert Client().get("/own/abc/").status_code == 404
    colleague = client_of(alice)
    assert colleague.post(link).status_code == 403
    assert colleague.get(path).status_code == 404


def test_a_revoked_link_closes_the_page_that_it_opened(interview, dana, path):
    interview.own_page_links.update(revoked_at="2026-01-01T00:00Z")
    assert dana.get(path).status_code == 404


def test_the_link_alone_can_withdraw_but_agrees_to_nothing(interview, dana, path):
    sure = dana.get(f"{path}withdraw/?recording=keep").content.decode()
    assert "cannot be undone" in sure
    assert not ConsentEvent.objects.filter(given=False).exists(), "asking first changes nothing"
    dana.post(f"{path}withdraw/", {"recording": "keep"})
    assert ConsentEvent.objects.filter(given=False).count() == 3
    shown = dana.post(f"{path}answers/", {"voice": "on"}, follow=True).content.decode()
    assert "show first that it is you" in shown, "a recruiter may have the link of an invitation too"
    assert not interview.consent_events.latest_by_purpose()["voice"].given


def test_a_mailed_code_says_that_it_is_the_candidate(interview, dana, path, mailoutbox):
    dana.post(f"{path}code/")
    (mail,) = mailoutbox
    assert mail.to == ["dana@mail.example"]
    code = re.search(r"\b\d{8}\b", mail.body).group()
    thief = Client()
    thief.post(reverse("own_page_door", args=["x"]))
    assert thief.post(f"{path}code/", {"code": code}).status_code == 404
    assert "not the code" in dana.post(f"{path}code/", {"code": "00000000"}, follow=True).content.decode()
    dana.post(f"{path}code/", {"code": code})
    dana.post(f"{path}answers/", {"face": "on", "eyes": "on", "voice": "on", "sharing": "on"})
    assert interview.consent_events.latest_by_purpose()["sharing"].given


def test_no_code_is_promised_where_there_is_no_mail_server(dana, path, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    shown = dana.post(f"{path}code/", follow=True).content.decode()
    assert "could not be mailed" in shown
    assert "on its way" not in shown


def test_codes_cannot_be_tried_out_nor_mails_piled_up(dana, path, mailoutbox):
    for _ in range(8):
        dana.post(f"{path}code/")
    assert len(mailoutbox) == 5
    code = re.search(r"\b\d{8}\b", mailoutbox[-1].body).group()
    for guess in range(10):
        dana.post(f"{path}code/", {"code": f"{guess:08d}"})
    shown = dana.post(f"{path}code/", {"code": code}, follow=True).content.decode()
    assert "Show that it is you" in shown


def test_the_browser_of_the_live_interview_needs_no_code(room, alice, candidate):  # noqa: F811
    candidate.agree()
    candidate.client.post(f"/api/v1/join/{room.pk}/leave/")
    room.status = "unrecorded"
    room.save()
    page = candidate.client.get(f"/join/room/{room.pk}/", follow=True).content.decode()
    assert "Your interview with Northwind" in page
    assert "Show that it is you" not in page


def test_erasure_is_asked_for_once_counts_down_and_is_taken_back(interview, dana, path, mailoutbox):
    for _ in range(2):
        dana.post(f"{path}erasure/", {"choice": "ask"})
    request = CandidateRequest.objects.get()
    assert (request.kind, request.is_open, request.days_left) == ("erasure", True, 30)
    assert "30 days left" in dana.get(path).content.decode()
    dana.post(f"{path}erasure/", {"choice": "take_back"})
    request.refresh_from_db()
    assert not request.is_open
    dana.post(f"{path}erasure/", {"choice": "ask"})
    assert CandidateRequest.objects.count() == 2


def test_a_stranger_does_nothing_there(interview, path):
    for action in ("answers/", "withdraw/", "erasure/", "code/"):
        assert Client().post(path + action, {"recording": "erase", "choice": "ask"}).status_code == 404
    assert interview.recordings.exists()
