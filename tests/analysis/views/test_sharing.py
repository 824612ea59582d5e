"""Shared pages: what a link shows, to whom, for how long, and what of it is in the log."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, ShareLink
from interviews.services.consent import consent_record
from interviews.services.notes import note_add
from interviews.services.sharing import share_create, share_revoke


def agree(interview, alice, given=True):
    consent_record(
        interview=interview, answers={"sharing": (given, "May be shown.")}, how="recorded", recorded_by=alice
    )


@pytest.fixture
def shared(interview, alice, reported):
    """``shared(parts, …)``: the address of a new link to Alice's report, which has a note."""
    agree(interview, alice)
    note_add(interview=interview, by=alice, text="A private thought")

    def make(*parts, **fields):
        share, token = share_create(interview=interview, by=alice, parts=parts, **{"days": 7, **fields})
        return share, reverse("shared_page", args=[token])

    return make


def test_a_link_shows_the_chosen_parts_to_somebody_without_an_account(shared, interview, make_interview, alice):
    other = make_interview(alice, candidate_name="Eve Evans")
    _, url = shared("readings")
    page = Client().get(url).content.decode()
    assert "Dana Diaz" in page
    assert "0.81" in page
    assert "happy" in page
    for hidden in ("A private thought", "dana@mail.example", "Eve Evans", str(other.pk), str(interview.pk), "<video"):
        assert hidden not in page
    assert Client().get(f"{url}recording/").status_code == 404
    _, url = shared("recording", "notes")
    page = Client().get(url).content.decode()
    assert "A private thought" in page
    assert "0.81" not in page
    assert "happy" not in page
    answer = Client().head(f"{url}recording/")
    assert (answer.status_code, answer["Content-Length"]) == (200, "2048")


def test_a_link_ends_is_revoked_and_closes_when_the_candidate_says_no(shared, interview, alice):
    share, url = shared("readings")
    assert Client().get(url).status_code == 200
    ShareLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(url).status_code == 410
    ShareLink.objects.update(expires_at=timezone.now() + timedelta(days=1))
    agree(interview, alice, given=False)
    assert Client().get(url).status_code == 410
    agree(interview, alice)
    assert Client().get(url).status_code == 200
    share_revoke(share=share, by=alice)
    assert Client().get(url).status_code == 410
    assert Client().get(reverse("shared_page", args=["x" * 43])).status_code == 410


def test_a_password_is_asked_for_once_a_browser_and_cannot_be_guessed(shared):
    _, url = shared("readings", "recording", password="long enough")
    browser = Client()
    for asked in (browser.get(url), browser.post(url, {"password": "wrong one"})):
        assert asked.status_code == 403
        assert "Dana Diaz" not in asked.content.decode()
    assert browser.get(f"{url}recording/").status_code == 404
    assert "Dana Diaz" in browser.post(url, {"password": "long enough"}, follow=True).content.decode()
    assert browser.get(url).status_code == 200
    guesser = Client()
    for _ in range(10):
        guesser.post(url, {"password": "guess"})
    assert "Too many" in guesser.post(url, {"password": "long enough"}).content.decode()


def test_links_are_refused_without_agreement_parts_or_an_end(interview, alice, reported):
    with pytest.raises(Refusal, match="not agreed"):
        share_create(interview=interview, by=alice, parts=["readings"], days=7)
    agree(interview, alice)
    for wrong in ({"parts": ["everything"]}, {"days": 91}, {"days": 0}, {"password": "short"}):
        with pytest.raises(ValidationError):
            share_create(**{"interview": interview, "by": alice, "parts": ["readings"], "days": 7, **wrong})
    assert not ShareLink.objects.exists()


def test_the_log_has_making_opening_and_revoking_and_the_row_has_no_token(shared, alice, interview, client_of):
    browser = client_of(alice)
    form = {"parts": ["notes"], "days": "3", "note": "Hiring manager", "password": "long enough"}
    agree(interview, alice)
    page = browser.post(reverse("interview_sharing", args=[interview.pk]), form).content.decode()
    share = ShareLink.objects.get()
    assert "/shared/" in page
    assert "long enough" not in page + share.password
    assert len(share.token_sha256) == 64
    _, url = shared("notes")
    Client().get(url)
    Client().get(url)
    browser.post(reverse("share_link_revoke", args=[interview.pk, share.pk]))
    log = AuditEntry.objects.filter(action__startswith="shar").order_by("number")
    assert [entry.details.get("change", entry.details.get("what")) for entry in log] == [
        *("link made", "link made", "page", "link revoked")
    ]
    assert url.split("/")[2] not in str([entry.details for entry in log])
