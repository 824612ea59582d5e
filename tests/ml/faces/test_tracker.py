"""Following faces through time."""

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.tracker import DETECT_EVERY_S, FaceTracker

EMPTY = np.full((240, 640, 3), 120, np.uint8)


def picture(*, left: Pose | None, right: Pose | None = None) -> np.ndarray:
    halves = [EMPTY[:, :320] if pose is None else frame(pose, width=320, height=240) for pose in (left, right)]
    return np.hstack(halves)


def update(tracker, rgb, at_s, **found):
    return tracker.update(rgb, cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), at_s, **found)


@pytest.fixture
def tracker():
    return FaceTracker(tiled=False)


def detections_of(tracker, monkeypatch) -> list[float]:
    """Counts how often the detector is asked."""
    asked = []
    detect = tracker._search._detector.detect
    monkeypatch.setattr(tracker._search._detector, "detect", lambda rgb: asked.append(1) or detect(rgb))
    return asked


def test_moving_face_keeps_its_track_without_detecting_again(tracker, monkeypatch):
    asked = detections_of(tracker, monkeypatch)
    tracks = set()
    for step in range(8):
        (tracked,) = update(tracker, picture(left=Pose(x=0.03 * step)), step * 0.1)
        tracks.add(tracked.track)
    assert tracks == {0}
    assert len(asked) == 1


def test_second_person_gets_a_track_of_their_own(tracker):
    update(tracker, picture(left=Pose()), 0.0)
    later = update(tracker, picture(left=Pose(), right=Pose(scale=0.8)), DETECT_EVERY_S)
    assert [tracked.track for tracked in later] == [0, 1]
    assert later[1].face.right_eye[0] > 320


def test_lost_face_comes_back_as_a_new_track(tracker):
    update(tracker, picture(left=Pose()), 0.0)
    assert update(tracker, EMPTY, 0.1) == []
    (tracked,) = update(tracker, picture(left=Pose()), 0.2)
    assert tracked.track == 1


def test_nobody_is_followed_in_an_empty_room(tracker):
    assert all(update(tracker, EMPTY, step * 0.1) == [] for step in range(3))


def test_two_who_change_places_keep_their_tracks(tracker):
    one, other = Pose(scale=0.9), Pose(scale=0.9, angle_deg=8)

    plain, negative = picture(left=one)[:, :320], picture(left=other)[:, :320].copy()
    rows, columns = np.indices(negative.shape[:2])
    is_room = np.hypot(columns - 160, rows - 120) > 60
    negative[is_room] = 255 - negative[is_room]
    before = {t.track: t.face.right_eye[0] < 320 for t in update(tracker, np.hstack([plain, negative]), 0.0)}
    after = {t.track: t.face.right_eye[0] < 320 for t in update(tracker, np.hstack([negative, plain]), 0.1)}
    assert len(before) == 2
    assert after == {track: not is_left for track, is_left in before.items()}


def test_a_face_that_moves_with_the_layout_keeps_its_track_across_the_cut(tracker):
    (before,) = update(tracker, picture(left=Pose()), 0.0)
    (after,) = update(tracker, picture(left=None, right=Pose(x=0.01)), 0.1, is_cut=True)
    assert after.track == before.track
    assert after.face.right_eye[0] > 320


def test_a_picture_that_is_made_smaller_keeps_its_track(tracker):
    (before,) = update(tracker, picture(left=Pose()), 0.0)
    half = np.asarray(cv2.resize(picture(left=Pose(x=0.01)), (320, 120), interpolation=cv2.INTER_AREA), np.uint8)
    (after,) = update(tracker, half, 0.1)
    assert after.track == before.track
    assert after.face.right_eye[0] == pytest.approx(before.face.right_eye[0] / 2, abs=6)


def test_no_more_than_the_largest_are_tracked(tracker, monkeypatch):
    monkeypatch.setattr("ml.faces.tracker.MAX_FACES", 1)
    (kept,) = update(tracker, picture(left=Pose(scale=0.7), right=Pose()), 0.0)
    assert kept.face.right_eye[0] > 320
