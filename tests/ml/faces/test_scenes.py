"""Cuts between scenes."""

import numpy as np

from ml.demo.portrait import Pose, frame
from ml.faces.face_pass import FacePass
from ml.faces.scenes import Scenes
from ml.media.video import Frame
from ml.offline.people_log import PeopleLog


def office(step: int = 0) -> np.ndarray:
    return frame(Pose(x=0.01 * step), width=320, height=240)


def kitchen(step: int = 0) -> np.ndarray:
    """The same face in the same place of another room, as a call shows the next speaker."""
    picture = frame(Pose(x=0.01 * step), width=320, height=240)
    rows, columns = np.indices(picture.shape[:2])
    is_room = np.hypot(columns - 160, rows - 120) > 75
    picture[is_room] = 255 - picture[is_room]
    return picture


def test_moving_person_is_one_scene():
    scenes = Scenes()
    assert {scenes.number(office(step)) for step in range(10)} == {0}


def test_cut_begins_a_scene_and_the_way_back_is_known():
    scenes = Scenes()
    assert [scenes.number(p) for p in (office(), office(1), kitchen(), kitchen(1), office(2))] == [0, 0, 1, 1, 0]


def test_next_speaker_in_the_same_place_is_another_track():
    faces, log = FacePass(), PeopleLog()
    pictures = [*[kitchen()] * 3, *[office()] * 5, *[kitchen()] * 4]
    tracks = []
    for i, picture in enumerate(pictures):
        shown = Frame(i / 10, (i + 1) / 10, picture)
        seen = faces.observe(shown)
        log.add(shown, seen)
        tracks += [face.track for face in seen]
    assert tracks == [0] * 3 + [1] * 5 + [2] * 4
    assert [person.tracks for person in log.people()] == [{0, 2}, {1}]
