"""What is painted into a rendered face is what the recogniser measures."""

from dataclasses import replace

import numpy as np
import pytest

from ml.benchmarks.rendering import portraits
from ml.benchmarks.rendering.eyeballs import EyePair, Look
from ml.benchmarks.rendering.gaze_sessions import identities
from ml.benchmarks.rendering.heads import Head, Turn
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.media.video import Frame


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer()


@pytest.fixture(scope="module")
def measure(recognizer):
    """The gaze sample of the rendered portrait with a look."""
    (person,) = identities([portraits.astronaut()], count=1, seed=1)
    head, eyes = Head(person.portrait), EyePair(person.portrait, person.eyes)
    turn = Turn()
    face = head.show(person.portrait.picture, head.field(turn), turn.eye_px)

    def of(look: Look) -> GazeSample:
        frame = face.copy()
        eyes.paint(frame, turn, look)
        faces, shown = FacePass(), Frame(0.0, 0.1, frame)
        (seen,) = faces.observe(shown)
        return recognizer.measure(faces.sample(shown, seen))

    return of


def test_painted_looks_are_measured_where_they_were_painted(measure):
    straight = measure(Look())
    for look, axis, sign in ((Look(left_deg=20), 0, 1), (Look(left_deg=-20), 0, -1), (Look(up_deg=14), 1, 1)):
        moved = np.subtract(measure(look).iris, straight.iris)
        assert moved[axis] * sign > 0.5
        assert abs(moved[axis]) > 2 * abs(moved[1 - axis])


def test_painted_blink_closes_the_lids(measure, recognizer):
    limit = recognizer.parameters.closed_share * measure(Look()).openness
    assert measure(Look(closed=1.0)).openness < limit


def test_one_recording_twice_is_one_person():
    face = portraits.astronaut()
    assert face.shows_the_same_as(replace(face, name="again"))
    assert not face.shows_the_same_as(face.mirrored())
