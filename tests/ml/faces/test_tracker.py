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
