"""Correcting an interview: whose other interviews follow, and what the log tells."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from interviews.models import AuditEntry, Candidate
from interviews.services.editing import interview_change
from tests.conftest import member


def change(interview, by, **fields):
    shown = {
        "candidate_name": interview.candidate.name,
        "candidate_email": interview.candidate.email,
        "position": interview.position.title,
        "owner": interview.owner,
    }
    interview_change(interview=interview, by=by, **{**shown, **fields})
    interview.refresh_from_db()


def test_a_corrected_name_is_the_same_candidates(interview, alice, carol):
    candidate = interview.candidate
    change(interview, alice, candidate_name=" Dana  Dias ", position="analyst", owner=carol)
    assert (interview.candidate, interview.candidate.name) == (candidate, "Dana Dias")
    assert (interview.position.title, interview.owner) == ("analyst", carol)
    entry = AuditEntry.objects.get(action="interview_changed")
    assert entry.details == {"fields": ["name", "position", "owner"]}
    assert "Dias" not in str(entry.details), "the log has no content"


@pytest.mark.parametrize("everywhere", [True, False])
def test_the_candidates_other_interviews_follow_where_that_was_asked_for(interview, alice, make_interview, everywhere):
    other = make_interview(alice)
    assert other.candidate == interview.candidate
    change(interview, alice, candidate_email="Dana@New.example", everywhere=everywhere)
    other.refresh_from_db()
    assert interview.candidate.email == "dana@new.example"
    assert (other.candidate == interview.candidate) is everywhere


def test_two_rows_of_one_person_become_one(interview, alice, make_interview):
    other = make_interview(alice, candidate_name="Thomas Kitchen")
    change(interview, alice, candidate_name="Thomas Kitchen", candidate_email=other.candidate.email)
    assert interview.candidate == other.candidate
    assert Candidate.objects.count() == 1


def test_wrong_fields_are_refused_each_with_its_sentence(interview, alice, northwind, bob):
    reviewer = member(northwind, "rae@northwind.example", "Rae", "reviewer")
    for owner in (reviewer, bob):
        with pytest.raises(ValidationError) as refused:
            change(interview, alice, candidate_name="", candidate_email="x", owner=owner)
        assert set(refused.value.message_dict) == {"candidate_name", "candidate_email", "owner"}


def test_the_page_changes_the_interview_and_the_report_shows_it(client_of, alice, interview):
    browser, url = client_of(alice), reverse("interview_edit", args=[interview.pk])
    fields = {"candidate_name": "Dan", "candidate_email": "d@mail.example", "position": "", "owner": str(alice.pk)}
    assert b"Enter the candidate" in browser.post(url, {**fields, "candidate_name": " "}).content
    page = browser.post(url, fields, follow=True).content.decode()
    assert "The interview is changed." in page
    assert "mailto:d@mail.example" in page
    assert "Delete the interview with Dan?" in page


def test_deleting_says_so_on_the_list(client_of, alice, interview):
    browser = client_of(alice)
    assert browser.delete(reverse("api_interview", args=[interview.pk])).status_code == 204
    assert "The interview with Dana Diaz was deleted." in browser.get(reverse("interview_list")).content.decode()
