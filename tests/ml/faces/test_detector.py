"""Finding faces."""

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame


def two_faces() -> np.ndarray:
    left = frame(Pose(), width=320, height=480)
    return np.hstack([left, frame(Pose(scale=0.75), width=320, height=480)])


def test_face_is_found_where_it_is(detector):
    (detection,) = detector.detect(frame(Pose(x=0.2), width=640, height=480))
    middle = (detection.box[:2] + detection.box[2:]) / 2
    assert middle == pytest.approx([320 + 0.2 * 480, 240], abs=40)
    right_eye, left_eye = detection.keypoints[:2]
    assert right_eye[0] < left_eye[0]
    assert detection.score > 0.7


@pytest.mark.parametrize("size", [(1280, 720), (320, 240), (360, 640)])
def test_shape_of_the_picture_does_not_matter(detector, size):
    width, height = size
    (detection,) = detector.detect(frame(Pose(), width=width, height=height))
    assert 0 < detection.box[0] < detection.box[2] < width
    assert 0 < detection.box[1] < detection.box[3] < height


def test_small_face_is_found(detector):
    # The portrait is mirrored at its edges, so there is a second face at the left one.
    best = detector.detect(frame(Pose(scale=0.3), width=640, height=480))[0]
    assert best.box[2] - best.box[0] < 80
    assert best.box[0] < 320 < best.box[2]


def test_every_face_is_found(detector):
    boxes = [detection.box for detection in detector.detect(two_faces())]
    assert len(boxes) == 2
    assert {bool(box[0] > 300) for box in boxes} == {True, False}


def test_grey_picture_will_do(detector):
    gray = cv2.cvtColor(frame(Pose(), width=320, height=240), cv2.COLOR_RGB2GRAY)
    assert len(detector.detect(gray)) == 1


@pytest.mark.parametrize(
    "picture",
    [np.zeros((240, 320, 3), np.uint8), np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)],
    ids=["black", "noise"],
)
def test_nothing_is_found_where_nobody_is(detector, picture):
    assert detector.detect(picture) == []
