"""Which tracks are one person."""

import pytest

from ml.faces.people import people_of, person_at
from tests.ml.faces.sightings import HERE, SMALL, THERE, seen


def tracks_of(*sightings) -> list[set[int]]:
    return [set(person.tracks) for person in people_of(sightings)]


def test_face_that_was_lost_is_taken_up_again_in_its_place():
    (person,) = people_of([seen(0, 0, 4), seen(1, 5, 9), seen(2, 9.5, 12)])
    assert person.tracks == {0, 1, 2}
    assert person.in_view == [(0.0, 4.0), (5.0, 9.0), (9.5, 12.0)]


def test_somebody_elsewhere_or_at_another_size_is_another_person():
    assert tracks_of(seen(0, 0, 8), seen(1, 9, 12, THERE), seen(2, 13, 15, SMALL)) == [{0}, {1}, {2}]


def test_two_people_at_once_are_never_one():
    assert tracks_of(seen(0, 0, 8), seen(1, 4, 9)) == [{0}, {1}]


def test_call_that_jumps_between_two_speakers_keeps_them_apart():
    """Both fill the same place of the picture."""
    interviewer = [seen(0, 0, 5, scene=0), seen(2, 9, 10, scene=0)]
    candidate = [seen(1, 5, 9, scene=1), seen(3, 10, 14, scene=1)]
    assert tracks_of(*interviewer, *candidate) == [{0, 2}, {1, 3}]


def test_a_track_that_went_on_into_another_scene_is_taken_up_there():
    went_on = seen(0, 0, 5)
    went_on.last_scene = 2
    assert tracks_of(went_on, seen(1, 6, 9, scene=2)) == [{0, 1}]


def test_a_photo_is_a_still_picture_and_a_person_whose_camera_goes_off_is_both():
    photo, person = seen(0, 0, 9, THERE, still=(0, 9)), seen(1, 0, 9, still=(5, 9))
    first, second = people_of([photo, person])
    assert (first.is_live, first.live) == (False, [])
    assert (second.is_live, second.live, second.still) == (True, [(0.0, 5.0)], [(5.0, 9.0)])
    assert second.mouth.times_s[-1] == pytest.approx(4.9)


@pytest.mark.parametrize(("box", "tracks"), [(HERE, {0}), (THERE, {1})])
def test_a_person_is_found_by_place_and_second(box, tracks):
    people = people_of([seen(0, 0, 8), seen(1, 2, 9, THERE)])
    assert person_at(people, 5.0, box).tracks == tracks


def test_nobody_is_found_elsewhere_or_at_another_time():
    people = people_of([seen(0, 0, 8)])
    assert person_at(people, 5.0, THERE) is None
    assert person_at(people, 9.5, HERE) is None
