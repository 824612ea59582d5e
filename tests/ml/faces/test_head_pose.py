"""How the head is turned."""

import numpy as np
import pytest

from ml.demo.portrait import Pose, frame
from ml.faces.geometry import Face
from ml.faces.head_pose import _RIGID, HeadPose, head_pose
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION


def turned(yaw_deg: float, pitch_deg: float, roll_deg: float, *, eye_distance: float = 80.0) -> Face:
    """The average head, turned by a rotation written down independently of the code under test."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    # x to the right of the picture, y down, z away: the face looks along -z.
    around_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    around_y = np.array([[np.cos(yaw), 0, -np.sin(yaw)], [0, 1, 0], [np.sin(yaw), 0, np.cos(yaw)]])
    around_z = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    landmarks = np.zeros((468, 3), np.float32)
    for index, point in _RIGID.items():
        landmarks[index] = (around_z @ around_y @ around_x @ np.array(point)) * eye_distance + [320, 240, 0]
    return Face(landmarks=landmarks, presence=1.0)


@pytest.mark.parametrize("angles", [(0, 0, 0), (25, 0, 0), (-30, 0, 0), (0, 15, 0), (0, -20, 0), (0, 0, 30)])
def test_known_turns_are_recovered(angles):
    pose = head_pose(turned(*angles))
    assert (pose.yaw_deg, pose.pitch_deg, pose.roll_deg) == pytest.approx(angles, abs=0.1)


def test_turning_the_head_does_not_change_its_size():
    assert head_pose(turned(35, 10, -15, eye_distance=60)).eye_distance == pytest.approx(60, rel=0.01)


def test_forward_points_to_where_the_head_does():
    assert HeadPose(30, 0, 0, 80).forward == pytest.approx((0.5, 0.0))
    assert HeadPose(0, 30, 0, 80).forward == pytest.approx((0.0, 0.5))


def test_faces_that_are_turned_away_are_not_read():
    for modality in (FACIAL_EXPRESSION, EYE_EMOTION):
        assert HeadPose(20, -10, 45, 80).is_readable(modality)
        assert not HeadPose(26, 0, 0, 80).is_readable(modality)
        assert not HeadPose(-26, 0, 0, 80).is_readable(modality)
        assert not HeadPose(0, -21, 0, 80).is_readable(modality)


def test_eyes_are_read_less_far_up_than_faces():
    assert HeadPose(0, 16, 0, 80).is_readable(FACIAL_EXPRESSION)
    assert not HeadPose(0, 16, 0, 80).is_readable(EYE_EMOTION)


@pytest.mark.parametrize("angle_deg", [-20.0, 20.0])
def test_tilt_of_a_real_face_is_measured(face_of, angle_deg):
    upright, tilted = (head_pose(face_of(frame(Pose(angle_deg=a), width=640, height=480))) for a in (0.0, angle_deg))
    assert upright.roll_deg - tilted.roll_deg == pytest.approx(angle_deg, abs=2)
    assert abs(upright.yaw_deg) < 8
