"""Whose face is read in calls, shared screens and switched-off cameras: drawn pictures through the face pass."""

import math
from collections.abc import Callable, Iterable

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.candidate import Candidate, PersonAt, choose
from ml.faces.face_pass import FacePass
from ml.gaps import OTHER_PERSON, STILL_PICTURE
from ml.media.video import Frame
from ml.offline.people_log import PeopleLog
from ml.offline.people_seen import people_seen
from ml.offline.person_seen import PersonSeen

FPS = 5.0
Tile = tuple[int, int, int, int]
"""Left, top, width, height in a picture of 1280 x 720."""


def person(at_s: float, *, phase: float = 0.0, talks: bool = False) -> Pose:
    return Pose(
        x=0.04 * math.sin(1.3 * at_s + phase),
        y=0.02 * math.sin(1.7 * at_s + phase),
        angle_deg=3 * math.sin(at_s + phase),
        mouth=abs(math.sin(5 * at_s)) if talks else 0.0,
    )


def call(tiles: dict[Tile, Pose | None], *, mirrored: Iterable[Tile] = ()) -> np.ndarray:
    """A call with a face in each tile; a tile without a pose is a camera that is off."""
    picture = np.full((720, 1280, 3), 32, np.uint8)
    for tile, pose in tiles.items():
        left, top, width, height = tile
        shown = np.full((height, width, 3), 90, np.uint8) if pose is None else frame(pose, width=width, height=height)
        picture[top : top + height, left : left + width] = shown[:, ::-1] if tile in mirrored else shown
    return picture


def seen_in(
    picture_at: Callable[[float], np.ndarray], duration_s: float, *, voice=(), chosen: PersonAt | None = None
) -> tuple[Candidate, tuple[PersonSeen, ...]]:
    faces, log = FacePass(), PeopleLog()
    for i in range(round(duration_s * FPS)):
        shown = Frame(i / FPS, (i + 1) / FPS, picture_at(i / FPS))
        log.add(shown, faces.observe(shown))
    people = log.people()
    candidate = choose(people, voice, chosen=chosen)
    return candidate, people_seen(people, candidate)


def middle(box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2 * 1280, (box[1] + box[3]) / 2 * 720


def is_in(tile: Tile, box) -> bool:
    x, y = middle(box)
    return tile[0] <= x < tile[0] + tile[2] and tile[1] <= y < tile[1] + tile[3]


SMALL = [(20, 20, 300, 200), (340, 20, 300, 200), (660, 20, 300, 200)]


@pytest.mark.parametrize("large", [(600, 300, 640, 360), (20, 300, 640, 360)])
def test_in_a_call_of_four_the_large_tile_that_joins_late_is_read_and_all_are_told(large):
    def picture(at_s: float) -> np.ndarray:
        tiles = {tile: person(at_s, phase=i) for i, tile in enumerate(SMALL)}
        return call({**tiles, large: person(at_s, phase=5) if at_s >= 2 else None}, mirrored=SMALL)

    candidate, people = seen_in(picture, 8.0)
    assert candidate.live[0][0] == pytest.approx(2.0, abs=0.3)
    assert [len(people), sum(one.is_candidate for one in people)] == [4, 1]
    (read,) = [one for one in people if one.is_candidate]
    assert is_in(large, read.box)
    assert dict(candidate.causes)[OTHER_PERSON][0] == pytest.approx((0.0, 2.0), abs=0.3)


def test_nine_tiles_are_nine_people_and_any_can_be_chosen():
    tiles = [(x, y, 400, 220) for y in (15, 250, 485) for x in (20, 440, 860)]

    def picture(at_s: float) -> np.ndarray:
        return call({tile: person(at_s, phase=i) for i, tile in enumerate(tiles)}, mirrored=tiles[::2])

    _, people = seen_in(picture, 3.0)
    assert len(people) == 9
    wanted = next(one for one in people if is_in(tiles[7], one.box))
    candidate, _ = seen_in(picture, 3.0, chosen=PersonAt(wanted.at_s, wanted.box))
    assert candidate.is_chosen
    assert is_in(tiles[7], candidate.person.portrait.box)


@pytest.mark.parametrize("tile", [(1060, 16, 200, 112), (20, 590, 200, 112)])
def test_portraits_on_a_slide_are_never_read_and_the_small_tile_is(tile):
    slides = [(340, 150, 420, 420), (780, 150, 260, 260)]

    def picture(at_s: float) -> np.ndarray:
        return call({**dict.fromkeys(slides, Pose()), tile: person(at_s)}, mirrored=slides[1:])

    candidate, people = seen_in(picture, 5.0)
    assert is_in(tile, candidate.person.portrait.box)
    assert candidate.seen_s == pytest.approx(5.0, abs=0.3)
    assert sorted(one.is_still for one in people) == [False, True, True]
    assert dict(candidate.causes)[STILL_PICTURE] == []


def test_a_photo_after_the_camera_is_a_still_picture_from_its_first_second():
    def picture(at_s: float) -> np.ndarray:
        return frame(person(at_s) if at_s < 3 else Pose(scale=0.8), width=640, height=360)

    candidate, (read,) = seen_in(picture, 7.0)
    assert candidate.live == [pytest.approx((0.0, 3.0), abs=0.3)]
    assert read.at_s < 3
    assert dict(candidate.causes)[STILL_PICTURE] == [pytest.approx((3.0, 7.0), abs=0.3)]


def test_a_photo_before_the_camera_is_not_read_either():
    def picture(at_s: float) -> np.ndarray:
        return frame(person(at_s) if at_s >= 4 else Pose(scale=0.8), width=640, height=360)

    candidate, _ = seen_in(picture, 8.0)
    assert candidate.live == [pytest.approx((4.0, 8.0), abs=0.3)]


def test_a_call_that_freezes_is_a_still_picture_until_it_moves_again():
    def picture(at_s: float) -> np.ndarray:
        return frame(person(2.0 if 2.0 < at_s < 5.0 else at_s), width=640, height=360)

    candidate, people = seen_in(picture, 8.0)
    assert candidate.live == [pytest.approx((0.0, 2.0), abs=0.3), pytest.approx((5.0, 8.0), abs=0.3)]
    assert len(people) == 1


def test_a_change_of_size_and_then_of_orientation_leaves_one_person():
    def picture(at_s: float) -> np.ndarray:
        shown = frame(person(at_s), width=640, height=360)
        if at_s < 2:
            return shown
        if at_s < 4:
            return np.asarray(cv2.resize(shown, (320, 180), interpolation=cv2.INTER_AREA), np.uint8)
        return np.pad(shown[:, 140:500], ((140, 140), (0, 0), (0, 0)))

    candidate, people = seen_in(picture, 6.0)
    assert len(people) == 1
    assert candidate.seen_s == pytest.approx(6.0, abs=0.3)


def test_a_slide_that_changes_beside_the_tile_leaves_one_person():
    tile = (1000, 20, 260, 180)

    def picture(at_s: float) -> np.ndarray:
        shown = call({tile: person(at_s)})
        shown[220:] = 40 if at_s % 2 < 1 else 235
        return shown

    candidate, people = seen_in(picture, 6.0)
    assert len(people) == 1
    assert candidate.seen_s == pytest.approx(6.0, abs=0.3)


def test_speaker_view_reads_one_of_two_and_the_rest_is_the_other_person():
    """The candidate speaks from 2 to 8 s, the interviewer before and after; each fills the picture."""

    def picture(at_s: float) -> np.ndarray:
        shown = frame(person(at_s, phase=at_s // 1, talks=True), width=640, height=360)
        if 2 <= at_s < 8:
            return shown
        other = shown[:, ::-1].copy()
        rows, columns = np.indices(other.shape[:2])
        is_room = np.hypot(columns - 320, rows - 180) > 110
        other[is_room] = 255 - other[is_room]
        return other

    candidate, people = seen_in(picture, 10.0)
    assert candidate.live == [pytest.approx((2.0, 8.0), abs=0.3)]
    assert [one.is_still for one in people] == [False, False]
    assert [round(span[0]) for span in dict(candidate.causes)[OTHER_PERSON]] == [0, 8]
