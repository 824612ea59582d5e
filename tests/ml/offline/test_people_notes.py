"""What a recruiter is told about whom a recording shows."""

from ml.offline.people_notes import CANNOT_TELL, CHOSEN, NOT_FOUND, people_notes
from tests.factories.analyses import person_seen

CANDIDATE = person_seen(1, is_candidate=True)


def notes(*people, still=(), **given):
    return people_notes(people, still=still, duration_s=20.0, **given)


def test_one_person_needs_no_sentence():
    assert notes(CANDIDATE) == []


def test_others_are_counted_with_when_they_were_seen():
    (note,) = notes(CANDIDATE, person_seen(2, first_s=0.0, last_s=9.0), person_seen(3, first_s=4.0, last_s=11.0))
    assert "3 people are in view" in note
    assert "from 0 to 9 s, from 4 to 11 s" in note


def test_a_picture_that_stands_still_has_its_seconds():
    (note,) = notes(CANDIDATE, still=[(5.0, 20.0)])
    assert "stands still from 5.0 s on" in note
    (note,) = notes(CANDIDATE, still=[(5.0, 9.0), (12.0, 14.5)])
    assert "from 5.0 to 9.0 s, from 12.0 to 14.5 s" in note


def test_a_photo_beside_the_candidate_is_left_out_and_one_in_their_place_is_told_once():
    photo = person_seen(2, is_still=True, first_s=5.0, last_s=20.0)
    (note,) = notes(CANDIDATE, photo)
    assert "never moves" in note
    assert "left out" in note
    (note,) = notes(CANDIDATE, photo, still=[(5.0, 20.0)])
    assert "stands still" in note


def test_two_who_are_close_are_asked_about():
    assert CANNOT_TELL in notes(CANDIDATE, person_seen(2, is_close=True))


def test_a_choice_is_told_and_one_that_was_not_found_too():
    assert notes(CANDIDATE, was_chosen=True, is_chosen=True) == [CHOSEN]
    assert notes(CANDIDATE, was_chosen=True) == [NOT_FOUND]
