"""The one rule of who sees what."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from interviews import selectors
from interviews.models import Candidate, ConsentEvent, Interview, Organization, Position, Recording


@pytest.mark.parametrize("model", [Interview, Candidate, Position, Recording])
def test_colleagues_see_a_row_and_other_organizations_do_not(model, interview, alice, carol, bob):
    assert model.objects.visible_to(alice).count() == 1
    assert model.objects.visible_to(carol).count() == 1
    assert not model.objects.visible_to(bob).exists()
    assert not model.objects.visible_to(AnonymousUser()).exists()


def test_answers_about_consent_are_seen_by_colleagues_alone(interview, alice, bob):
    assert ConsentEvent.objects.visible_to(alice).count() == 4
    assert not ConsentEvent.objects.visible_to(bob).exists()


def test_a_deactivated_account_sees_nothing(interview, alice):
    alice.is_active = False
    assert not Interview.objects.visible_to(alice).exists()


def test_organizations_are_seen_by_their_members_only(northwind, southwind, alice):
    assert list(Organization.objects.visible_to(alice)) == [northwind]


def test_another_organizations_interview_is_as_good_as_missing(interview, alice, bob):
    assert selectors.get_interview(alice, interview.pk) == interview
    with pytest.raises(Http404):
        selectors.get_interview(bob, interview.pk)
    with pytest.raises(Http404):
        selectors.get_recording(bob, interview.recordings.get().pk)
