"""Whose recording it is."""

import math

import pytest

from ml.faces.candidate import PersonAt, choose
from ml.faces.people import people_of
from ml.gaps import OTHER_PERSON, STILL_PICTURE
from tests.ml.faces.sightings import HERE, SMALL, THERE, seen

VOICE = [(2.0, 5.0), (8.0, 11.0), (14.0, 18.0)]


def chosen(*sightings, voice=(), person=None):
    return choose(people_of(sightings), voice, chosen=person)


def talks(at_s: float) -> float:
    """A mouth that moves while there is voice."""
    return 0.2 * abs(math.sin(7 * at_s)) if any(start <= at_s < end for start, end in VOICE) else 0.0


def listens(at_s: float) -> float:
    return 0.01 * math.sin(at_s)


def test_nobody_seen_is_nobody_chosen():
    candidate = chosen()
    assert candidate.person is None
    assert candidate.tracks == frozenset()
    assert candidate.seen_s == 0


def test_larger_face_beats_a_small_one_beside_it():
    assert chosen(seen(0, 0, 10, SMALL), seen(1, 0, 10, THERE)).tracks == {1}


def test_staying_beats_a_short_visit_of_a_larger_face():
    visitor = seen(1, 2, 3, (0.3, 0.0, 0.9, 1.0))
    assert chosen(seen(0, 0, 20), visitor).tracks == {0}


def test_who_speaks_beats_who_is_larger_and_listens():
    larger = (0.6, 0.1, 0.9, 0.5)
    candidate = chosen(seen(0, 0, 20, mouth=talks), seen(1, 0, 20, larger, mouth=listens), voice=VOICE)
    assert candidate.tracks == {0}
    assert candidate.close == ()


def test_two_of_one_size_who_both_listen_are_close():
    candidate = chosen(seen(0, 0, 20, mouth=listens), seen(1, 0, 20, THERE, mouth=listens), voice=VOICE)
    assert len(candidate.close) == 1


def test_a_still_picture_is_never_the_candidate_however_large():
    photo = seen(0, 0, 20, (0.1, 0.0, 0.6, 1.0), still=(0, 20))
    assert chosen(photo, seen(1, 0, 20, SMALL)).tracks == {1}
    assert chosen(photo).person is None


@pytest.mark.parametrize(("box", "track"), [(HERE, 0), (THERE, 1)])
def test_a_recruiters_choice_overrides_the_rule(box, track):
    candidate = chosen(seen(0, 0, 20), seen(1, 5, 15, THERE), person=PersonAt(9.0, box))
    assert candidate.tracks == {track}
    assert (candidate.is_chosen, candidate.close) == (True, ())


def test_a_choice_that_is_not_found_again_leaves_the_rule():
    candidate = chosen(seen(0, 0, 20), person=PersonAt(9.0, THERE))
    assert (candidate.tracks, candidate.is_chosen) == ({0}, False)


def test_the_candidate_has_the_mouth_movement_of_all_their_tracks():
    mouth = chosen(seen(7, 3.0, 3.2), seen(1, 0.0, 0.3)).mouth
    assert mouth.times_s.tolist() == pytest.approx([0.0, 0.1, 0.2, 3.0, 3.1])
    assert mouth.openness.tolist() == pytest.approx([0.0, 0.01, 0.02, 0.3, 0.31])


def test_the_mouths_of_the_other_live_people_are_known_those_of_stills_are_not():
    candidate = chosen(seen(0, 0, 10), seen(1, 2.0, 2.2, THERE), seen(2, 0, 9, SMALL, still=(0.0, 9.0)))
    assert candidate.tracks == {0}
    assert [other.times_s.tolist() for other in candidate.others] == [pytest.approx([2.0, 2.1])]


def test_the_movement_of_a_covered_mouth_is_not_known():
    hidden = chosen(seen(0, 0.0, 0.5)).with_mouth_covered([(0.1, 0.3)])
    assert hidden.mouth.times_s.tolist() == pytest.approx([0.0, 0.3, 0.4])
    assert hidden.mouth_covered == [(0.1, 0.3)]


def test_time_of_others_and_of_a_photo_in_the_candidates_place_is_a_cause_and_a_photo_beside_them_is_none():
    candidate = chosen(seen(0, 2, 20, still=(15, 20)), seen(1, 0, 5, THERE), seen(2, 0, 20, SMALL, still=(0, 20)))
    causes = dict(candidate.causes)
    assert candidate.live == [(2.0, 15.0)]
    assert causes[STILL_PICTURE] == [(15.0, 20.0)]
    assert causes[OTHER_PERSON] == [(0.0, 2.0)]


def test_a_photo_that_takes_the_candidates_place_is_a_cause():
    candidate = chosen(seen(0, 0, 8), seen(1, 8, 14, THERE, still=(8, 14), scene=1))
    assert dict(candidate.causes)[STILL_PICTURE] == [(8.0, 14.0)]
