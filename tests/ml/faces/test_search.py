"""Where faces are searched for."""

import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.geometry import Region
from ml.faces.search import LONGEST_INTERVAL_S, FaceSearch

CELLS = (16, 16)


@pytest.fixture
def search():
    return FaceSearch(tiled=True)


def wall_with_a_tile(left: int, top: int, width: int = 160, height: int = 100) -> np.ndarray:
    picture = np.full((720, 1280, 3), 60, np.uint8)
    picture[top : top + height, left : left + width] = frame(Pose(), width=width, height=height)
    return picture


@pytest.mark.parametrize(("left", "top"), [(1100, 10), (20, 600), (560, 310)])
def test_a_face_that_is_too_small_for_the_whole_picture_is_found_in_tiles(search, left, top):
    picture = wall_with_a_tile(left, top)
    assert search.whole(picture) == []
    regions = search.tiles(picture, 0.0)
    assert regions
    assert all(left < region.x < left + 160 and top < region.y < top + 100 for region in regions)


def test_tiles_are_searched_ever_less_often_while_nothing_is_new(search):
    searched_at = []
    for second in range(120):
        if search.tiles_due(float(second), is_cut=False):
            searched_at.append(second)
            search.tiles(np.zeros((200, 200, 3), np.uint8), float(second))
            search.found(is_new=second == 0)
    assert searched_at[:4] == [0, 5, 15, 35]
    assert np.diff(searched_at[3:]).tolist() == [LONGEST_INTERVAL_S] * 4


def test_cuts_bring_the_search_forward_but_not_without_limit(search):
    search.tiles(np.zeros((200, 200, 3), np.uint8), 0.0)
    assert not search.tiles_due(1.0, is_cut=True)
    assert search.tiles_due(2.0, is_cut=True)
    assert not search.tiles_due(2.0, is_cut=False)


def test_live_sessions_search_no_tiles():
    assert not FaceSearch(tiled=False).tiles_due(1000.0, is_cut=True)


def test_a_tile_that_appears_is_searched_and_a_moving_body_is_not(search):
    picture = wall_with_a_tile(1100, 10)
    changed = np.zeros(CELLS, np.bool_)
    changed[0:3, 13:16] = True
    (region,) = search.changed(picture, changed, [])
    assert region.x == pytest.approx(1180, abs=30)
    assert search.changed(picture, changed, [Region(1180, 60, 100, 0.0)]) == []
    assert search.changed(picture, ~changed, []) == []
