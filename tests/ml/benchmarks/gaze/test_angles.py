"""The angle error of rendered looks, head and eyes together."""

import numpy as np
import pytest

from ml.benchmarks.gaze.angles import TurnedLook, angle_errors, turned_looks
from ml.benchmarks.rendering import portraits
from ml.benchmarks.rendering.eyeballs import EyePair, Look
from ml.benchmarks.rendering.gaze_sessions import identities
from ml.benchmarks.rendering.heads import Head, Turn
from ml.eye_gaze.direction import main_direction_deg
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.media.video import Frame


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer()


@pytest.fixture(scope="module")
def person():
    (found,) = identities([portraits.astronaut()], count=1, seed=1)
    return found


def test_the_error_is_the_angle_between_both_directions():
    assert TurnedLook(0.0, (30.0, 0.0), (20.0, 0.0)).error_deg == pytest.approx(10)
    assert TurnedLook(0.0, (0.0, 15.0), (0.0, -15.0)).error_deg == pytest.approx(30)
    # At a pitch of 60 degrees the meridians are half as far apart.
    assert TurnedLook(0.0, (2.0, 60.0), (0.0, 60.0)).error_deg == pytest.approx(1, abs=0.01)


def test_errors_are_pooled_by_the_yaw_of_the_head():
    looks = [TurnedLook(yaw, (yaw, 0.0), (yaw + error, 0.0)) for yaw, error in ((5, 2), (-5, 4), (-35, 9))]
    found = angle_errors([*looks, TurnedLook(38.0, (38.0, 0.0), None)])
    assert (found["looks"], found["measured"], found["median_deg"]) == (4, 3, 4.0)
    assert found["by_yaw"]["0-10"] == {"looks": 2, "measured": 2, "median_deg": 3.0, "p90_deg": 3.8}
    assert found["by_yaw"]["30-50"] == {"looks": 2, "measured": 1, "median_deg": 9.0, "p90_deg": 9.0}
    assert found["by_yaw"]["10-20"]["median_deg"] is None


def test_rendered_looks_of_turned_heads_are_measured(person, recognizer):
    looks = turned_looks(person, recognizer, seed=3, count=8)
    errors = [look.error_deg for look in looks if look.measured]
    assert len(errors) >= 7
    assert np.median(errors) < 12


@pytest.mark.parametrize(("yaw_deg", "side"), [(25.0, "left"), (-25.0, "right")])
def test_a_person_who_looks_beside_the_camera_is_told_by_how_much(person, recognizer, yaw_deg, side):
    """At an interviewer beside the camera, with the head; it is the session's center all the same."""
    head, eyes = Head(person.portrait), EyePair(person.portrait, person.eyes)
    rng = np.random.default_rng(2)
    faces, samples = FacePass(), []
    for i in range(6):
        turn = Turn(yaw_deg=yaw_deg + rng.normal(), pitch_deg=rng.normal())
        frame = head.show(person.portrait.picture, head.field(turn), turn.eye_px)
        eyes.paint(frame, turn, Look(yaw_deg, 0.0))
        shown = Frame(i / 10, (i + 1) / 10, frame)
        samples += [recognizer.measure(faces.sample(shown, seen)) for seen in faces.observe(shown)]
    yaw, _ = main_direction_deg(samples, recognizer.parameters)
    assert yaw == pytest.approx(yaw_deg, abs=10)
    assert f"degrees to the {side} of the camera" in recognizer.center(samples)
    assert {observation.label for observation in recognizer.observations(samples)} == {"center"}
