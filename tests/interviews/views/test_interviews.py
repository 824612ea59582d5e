"""The upload page."""

from django.urls import reverse

from interviews import consent_words
from tests.conftest import member


def test_the_page_asks_strangers_to_log_in(client):
    address = reverse("interview_new")
    assert client.get(address).headers["Location"] == f"/login/?next={address}"


def test_the_new_page_shows_the_consent_and_the_positions_known(client_of, alice, interview):
    page = client_of(alice).get(reverse("interview_new")).content.decode()
    assert consent_words.UPLOAD in page
    assert consent_words.UPLOAD_TRANSCRIPT in page
    assert 'name="transcript_consent"' in page
    assert '<option value="english">' in page
    assert '<option value="Data Engineer">' in page
    assert 'accept=".mp4,.m4v,.mov,.3gp,.3g2,.mkv,.webm,.avi,video/*"' in page


def test_who_adds_interviews_nowhere_is_told_before_the_work(client_of, northwind):
    browser = client_of(member(northwind, "rae@northwind.example", "Rae", "reviewer"))
    for name in ("interview_new", "room_new"):
        page = browser.get(reverse(name)).content.decode()
        assert "Interviews are added by others" in page
        assert 'name="candidate_name"' not in page
