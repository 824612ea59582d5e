"""The cuts that the recognisers get."""

import cv2
import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.alignment import eye_strip, face_crop
from ml.faces.geometry import LEFT_EYE_OUTER, MOUTH_LEFT, MOUTH_RIGHT, RIGHT_EYE_OUTER, Face, Region, warp
from ml.faces.landmarks import MIN_PRESENCE, landmarks_from_crop

POSES = [Pose(), Pose(scale=0.6, x=-0.2), Pose(angle_deg=25), Pose(angle_deg=-25)]


def gray(pose: Pose) -> np.ndarray:
    return cv2.cvtColor(frame(pose, width=640, height=480), cv2.COLOR_RGB2GRAY)


def mean_difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


def marked_face(scale: float, angle_deg: float) -> tuple[np.ndarray, Face]:
    """A black picture with white dots on eyes and mouth corners of a face of that size and tilt."""
    angle = np.radians(angle_deg)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    places = {33: (-50, 0), 133: (-20, 0), 362: (20, 0), 263: (50, 0), 61: (-25, 70), 291: (25, 70)}
    landmarks = np.zeros((468, 3), np.float32)
    picture = np.zeros((600, 600), np.uint8)
    for index, place in places.items():
        landmarks[index, :2] = turn @ (np.array(place) * scale) + 300
        if index in (RIGHT_EYE_OUTER, LEFT_EYE_OUTER, MOUTH_RIGHT, MOUTH_LEFT):
            cv2.circle(picture, tuple(int(v) for v in landmarks[index, :2].round()), round(6 * scale), 255, -1)
    return picture, Face(landmarks=landmarks, presence=1.0)


@pytest.mark.parametrize(("scale", "angle_deg"), [(1, 0), (2, 0), (1.5, 30), (2.5, -30)])
def test_outer_eye_corners_are_always_in_the_same_place_of_the_strip(scale, angle_deg):
    strip = eye_strip(*marked_face(scale, angle_deg))
    assert strip.shape == (40, 96)
    assert strip.dtype == np.uint8
    rows, columns = np.nonzero(strip > 128)
    for side, expected in ((columns < 48, 12), (columns >= 48, 84)):
        assert columns[side].mean() == pytest.approx(expected, abs=1)
        assert rows[side].mean() == pytest.approx(25, abs=1)


@pytest.mark.parametrize(("scale", "angle_deg"), [(1, 0), (2, 0), (1.5, 30), (2.5, -30)])
def test_crop_frames_eyes_and_mouth_as_fer2013_does(scale, angle_deg):
    crop = face_crop(*marked_face(scale, angle_deg))
    assert crop.shape == (48, 48)
    rows, columns = np.nonzero(crop > 128)
    eyes, mouth = rows < 28, rows >= 28
    assert columns.mean() == pytest.approx(24, abs=1)
    # Eyes and mouth lie around the anchor; the unit of 0.524 sides is shared between 70 px across and 70 px down.
    assert (rows[mouth].mean() - rows[eyes].mean()) / 48 == pytest.approx(0.524 / 2**0.5, abs=0.03)
    assert (rows[mouth].mean() + rows[eyes].mean()) / 96 == pytest.approx(0.575, abs=0.02)


@pytest.mark.parametrize("pose", POSES[1:], ids=["small and aside", "tilted", "tilted back"])
def test_pose_hardly_changes_the_cuts_of_a_real_face(face_of, pose):
    reference = face_of(frame(POSES[0], width=640, height=480))
    face = face_of(frame(pose, width=640, height=480))
    assert mean_difference(face_crop(gray(POSES[0]), reference), face_crop(gray(pose), face)) < 25
    assert mean_difference(eye_strip(gray(POSES[0]), reference), eye_strip(gray(pose), face)) < 20


def test_face_at_the_edge_of_the_frame_is_continued_by_its_edge():
    picture, face = marked_face(1, 0)
    picture[:] = 200
    assert (eye_strip(picture[:, 250:], Face(face.landmarks - np.float32([250, 0, 0]), 1.0)) == 200).all()


def test_shrinking_averages_instead_of_skipping():
    board = np.indices((400, 400)).sum(axis=0) % 2 * 255
    small = Region(200, 200, 320, 0.0).cut(board.astype(np.uint8), 40)
    assert small.std() < 10
    assert small.mean() == pytest.approx(127, abs=10)


def test_warp_without_change_is_the_picture():
    picture = np.random.default_rng(0).integers(0, 256, (40, 60), dtype=np.uint8)
    assert (warp(picture, np.array([[1.0, 0, 0], [0, 1, 0]]), width=60, height=40) == picture).all()


def test_face_that_fills_a_training_crop_needs_no_detection(mesh, face_of):
    crop = face_crop(gray(Pose()), face_of(frame(Pose(), width=640, height=480)))
    picture, face = landmarks_from_crop(mesh, crop)
    assert picture.shape == (192, 192)
    assert face.presence > MIN_PRESENCE
    eyes = (face.right_eye + face.left_eye) / 2
    assert eyes / 192 == pytest.approx([0.5, 0.39], abs=0.05)
