"""Direction of gaze from one frame."""

import math

import numpy as np
import pytest

from ml import artifacts
from ml.eye_gaze import geometry, parameters
from ml.faces.head_pose import HeadPose
from ml.faces.iris import Eye
from ml.modalities import EYE_GAZE

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))
EYE_DISTANCE = 100.0
PX_PER_MM = EYE_DISTANCE / PARAMETERS.eye_distance_mm


def eyes(horizontal_mm: float, vertical_mm: float, *, roll_deg: float = 0.0) -> tuple[Eye, Eye]:
    """Both eyes with the iris so far from its resting place, in a head of that tilt (y down, clockwise as seen)."""
    turn = math.radians(roll_deg)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])

    def eye(side: float) -> Eye:
        middle = np.array([side * EYE_DISTANCE / 2, 0.0])
        half = np.array([12 * PX_PER_MM, 0.0])
        iris = (
            middle
            + np.array([horizontal_mm + side * PARAMETERS.outward_mm, -vertical_mm - PARAMETERS.upward_mm]) * PX_PER_MM
        )
        outer, inner = middle + side * half, middle - side * half
        return Eye(iris=rotation @ iris, outer=rotation @ outer, inner=rotation @ inner, openness=0.3)

    return eye(-1.0), eye(1.0)


def measure(horizontal_mm=0.0, vertical_mm=0.0, *, yaw_deg=0.0, pitch_deg=0.0, roll_deg=0.0, eye_distance=EYE_DISTANCE):
    right, left = eyes(horizontal_mm, vertical_mm, roll_deg=roll_deg)
    return geometry.measure(0.0, 0.1, right, left, HeadPose(yaw_deg, pitch_deg, roll_deg, eye_distance), PARAMETERS)


@pytest.mark.parametrize("roll_deg", [0, 30, -30])
def test_iris_at_rest_looks_straight_however_the_head_is_tilted(roll_deg):
    sample = measure(roll_deg=roll_deg)
    assert (sample.horizontal, sample.vertical) == pytest.approx((0, 0), abs=1e-6)


def test_iris_to_the_left_and_up_is_a_look_to_the_left_and_up():
    sample = measure(2.0, 1.0)
    assert sample.horizontal == pytest.approx(2.0 / PARAMETERS.radius_mm[0])
    assert sample.vertical == pytest.approx(1.0 / PARAMETERS.radius_mm[1])


def test_head_that_turns_while_the_eyes_stay_on_the_camera_does_not_look_away():
    sine = math.sin(math.radians(20))
    sample = measure(-PARAMETERS.head_mm[0] * sine, 0.0, yaw_deg=20)
    assert sample.horizontal == pytest.approx(0, abs=1e-6)


def test_head_that_turns_with_the_eyes_looks_away():
    assert measure(yaw_deg=30).horizontal > PARAMETERS.center[0]
    assert measure(yaw_deg=-30).horizontal < -PARAMETERS.center[0]


def test_small_face_is_noisy_and_a_tiny_one_is_not_measured():
    right, left = eyes(0, 0)
    pose = HeadPose(0, 0, 0, 23.0)
    assert geometry.measure(0, 0.1, right, left, pose, PARAMETERS).sigma == pytest.approx(2 * PARAMETERS.noise)
    assert not geometry.is_large_enough(HeadPose(0, 0, 0, 10.0), PARAMETERS)
