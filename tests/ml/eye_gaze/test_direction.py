"""Gaze as an angle from the camera."""

import math

import pytest

from ml import artifacts
from ml.eye_gaze import direction, parameters
from ml.eye_gaze.geometry import GazeSample
from ml.modalities import EYE_GAZE

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))


def sample(yaw_deg=0.0, pitch_deg=0.0, *, head_deg=(0.0, 0.0), openness=0.3, at_s=0.0) -> GazeSample:
    """A look at these angles from the camera, out of a head turned by ``head_deg``."""
    head = tuple(math.sin(math.radians(angle)) for angle in head_deg)
    iris = tuple(
        radius_mm * math.sin(math.radians(angle)) - head_mm * turned
        for angle, turned, radius_mm, head_mm in zip(
            (yaw_deg, pitch_deg), head, direction.RADIUS_MM, direction.HEAD_MM, strict=True
        )
    )
    return GazeSample(at_s, at_s + 0.1, 0.0, 0.0, openness, 0.05, iris, head)


@pytest.mark.parametrize("head_deg", [(0, 0), (30, 0), (-30, 15)])
def test_head_and_eyes_together_give_the_angle_from_the_camera(head_deg):
    assert direction.direction_deg(sample(25, -10, head_deg=head_deg)) == pytest.approx((25, -10))


def test_an_iris_beyond_the_eye_is_a_right_angle():
    beyond = GazeSample(0.0, 0.1, 0.0, 0.0, 0.3, 0.05, iris=(40.0, 0.0))
    assert direction.direction_deg(beyond) == (90, 0)


def test_the_main_direction_is_the_median_of_open_eyes():
    looks = [sample(25, 0, at_s=i / 10) for i in range(6)]
    looks += [sample(-30, 0, at_s=0.6 + i / 10) for i in range(4)]
    blinks = [sample(-80, -80, openness=0.02, at_s=1 + i / 10) for i in range(8)]
    assert direction.main_direction_deg([*looks, *blinks], PARAMETERS) == pytest.approx((25, 0))
    assert direction.main_direction_deg(blinks, PARAMETERS) is None


@pytest.mark.parametrize(
    ("angles", "words"),
    [
        ((24, 3), "about 25 degrees to the left of the camera (the candidate's left)"),
        ((-31, -5), "about 30 degrees to the right of the camera (the candidate's right)"),
        ((2, -21), "about 20 degrees below the camera"),
        ((-16, 14), "about 15 degrees to the right of the camera and 15 degrees above it (the candidate's right)"),
        ((8, -8), "within about 10 degrees of the camera"),
    ],
)
def test_directions_are_told_in_words_as_far_as_they_are_known(angles, words):
    assert direction.in_words(angles) == words
