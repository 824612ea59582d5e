"""Administrators of the installation see people's data with a reason only, for a while, and in the log."""

import pytest

from interviews.models import AuditEntry
from tests.conftest import PASSWORD

PAGES = ("candidate", "interview", "recording", "consentevent", "question", "upload", "room")
REASON = "A candidate asks where their recording is."


@pytest.fixture
def browser(client_of, carol):
    carol.is_staff = carol.is_superuser = True
    carol.save()
    return client_of(carol)


def broken(browser, **fields):
    return browser.post("/admin/people/", {"reason": REASON, "password": PASSWORD, **fields})


def test_the_pages_are_closed_until_a_reason_is_given(browser, interview):
    for name in PAGES:
        answer = browser.get(f"/admin/interviews/{name}/")
        assert answer["Location"] == f"/admin/people/?next=/admin/interviews/{name}/"
    for run in ("analysisrun", "transcript", "playback"):
        assert browser.get(f"/admin/analysis/{run}/").status_code == 302
    assert b"Dana" not in browser.get(f"/admin/interviews/interview/{interview.pk}/change/", follow=True).content


@pytest.mark.parametrize("fields", [{"reason": ""}, {"reason": "because"}, {"password": "wrong"}])
def test_a_reason_and_the_password_are_needed(browser, fields):
    assert broken(browser, **fields).status_code == 200
    assert browser.get("/admin/interviews/candidate/").status_code == 302


def test_every_look_is_in_the_log_of_the_organization(browser, interview, bob):
    assert broken(browser).status_code == 302
    for name in PAGES:
        assert browser.get(f"/admin/interviews/{name}/").status_code == 200, name
    page = f"/admin/interviews/interview/{interview.pk}/change/"
    assert b"Dana Diaz" in browser.get(page).content
    entries = AuditEntry.objects.filter(action="break_glass")
    opened = entries.exclude(details__reason=None)
    assert set(opened.values_list("organization", flat=True)) == {
        interview.organization_id,
        bob.organizations.get().pk,
    }
    look = entries.get(interview=interview.pk)
    assert look.details == {"looked_at": "interview", "row": str(interview.pk)}
    assert look.organization == interview.organization_id


def test_after_half_an_hour_it_is_closed_again(browser, interview):
    broken(browser)
    session = browser.session
    session["break_glass_until"] -= 1800
    session.save()
    assert browser.get("/admin/interviews/interview/").status_code == 302


def test_staff_without_all_rights_cannot_open_it(client_of, alice):
    alice.is_staff = True
    alice.save()
    browser = client_of(alice)
    assert broken(browser).status_code == 403
    assert browser.get("/admin/interviews/candidate/").status_code == 403


def test_the_password_cannot_be_guessed(browser):
    for _ in range(5):
        broken(browser, password="wrong")
    assert "Too many attempts" in broken(browser).content.decode()
    again = {
        "old_password": PASSWORD,
        "new_password1": "another long sentence",
        "new_password2": "another long sentence",
    }
    assert "Too many attempts" in browser.post("/profile/password/", again).content.decode(), "one count for all doors"
