"""Whose recording it is."""

import pytest

from ml.faces.candidate import Candidate, Sighting

HERE = (100.0, 100.0, 200.0, 220.0)
THERE = (500.0, 100.0, 600.0, 220.0)
SMALL = (120.0, 120.0, 150.0, 160.0)


def seen(track: int, start_s: float, end_s: float, box=HERE, *, scene: int = 0) -> Sighting:
    sighting = Sighting(track, scene)
    for tenth in range(round(start_s * 10), round(end_s * 10)):
        sighting.add(tenth / 10, (tenth + 1) / 10, box, tenth / 100)
    return sighting


def tracks_of(*sightings: Sighting) -> set[int]:
    return set(Candidate.among(list(sightings)).tracks)


def test_nobody_seen_is_nobody_chosen():
    candidate = Candidate.among([])
    assert candidate.tracks == frozenset()
    assert candidate.seen_s == 0


def test_larger_face_beats_a_small_one_beside_it():
    assert tracks_of(seen(0, 0, 10, SMALL), seen(1, 0, 10, THERE)) == {1}


def test_staying_beats_a_short_visit_of_a_larger_face():
    visitor = seen(1, 2, 3, (300.0, 0.0, 600.0, 400.0))
    assert tracks_of(seen(0, 0, 20), visitor) == {0}


def test_face_that_was_lost_is_taken_up_again_in_its_place():
    candidate = Candidate.among([seen(0, 0, 4), seen(1, 5, 9), seen(2, 9.5, 12)])
    assert candidate.tracks == {0, 1, 2}
    assert abs(candidate.seen_s - 10.5) < 1e-6


def test_somebody_elsewhere_is_not_taken_for_the_candidate():
    assert tracks_of(seen(0, 0, 8), seen(1, 9, 12, THERE)) == {0}


def test_somebody_at_another_size_is_not_taken_for_the_candidate():
    assert tracks_of(seen(0, 0, 8), seen(1, 9, 12, SMALL)) == {0}


def test_two_people_at_once_are_never_one():
    assert tracks_of(seen(0, 0, 8), seen(1, 4, 9)) == {0}


def test_call_that_jumps_between_two_speakers_keeps_them_apart():
    """Both fill the same place of the picture; the candidate speaks in shorter turns, but longer in sum."""
    interviewer = [seen(0, 0, 5, scene=0), seen(2, 9, 10, scene=0)]
    candidate = [seen(1, 5, 9, scene=1), seen(3, 10, 14, scene=1)]
    assert tracks_of(*interviewer, *candidate) == {1, 3}


def test_the_candidate_has_the_mouth_movement_of_all_their_tracks():
    mouth = Candidate.among([seen(7, 3.0, 3.2), seen(1, 0.0, 0.3)]).mouth
    assert mouth.times_s.tolist() == pytest.approx([0.0, 0.1, 0.2, 3.0, 3.1])
    assert mouth.openness.tolist() == pytest.approx([0.0, 0.01, 0.02, 0.3, 0.31])
