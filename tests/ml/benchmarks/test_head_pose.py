"""Robustness to head pose, measured on turned test faces."""

from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from ml.benchmarks import head_pose
from ml.benchmarks.head_pose import TURNS, TurnedFace
from ml.benchmarks.rendering.heads import Turn
from ml.demo.astronaut import astronaut
from ml.eye_emotion.labels import FROM_FER2013
from ml.faces.alignment import face_crop
from ml.modalities import EYE_EMOTION, FACIAL_EXPRESSION
from ml.training.datasets.fer2013 import Split

TRUTH = 3
"""Happy, which the eyes have a label for."""


def network(answer: int, classes: int):
    """A network that always gives one answer."""
    manifest = SimpleNamespace(version="v1")
    recognizer = SimpleNamespace(
        artifact=SimpleNamespace(manifest=manifest), recognize=lambda _: np.eye(classes, dtype=np.float32)[answer]
    )
    return lambda: recognizer


@pytest.fixture
def faces(face_of, monkeypatch):
    """Three pictures as in FER2013, the second of which shows no face, and two turns instead of all."""
    gray = cv2.cvtColor(astronaut(), cv2.COLOR_RGB2GRAY)
    crop = face_crop(gray, face_of(gray))
    images = np.stack([crop, np.full_like(crop, 128), crop])
    split = Split(images, np.array([TRUTH] * 3), np.arange(3), np.zeros(3, bool))
    monkeypatch.setattr(head_pose, "load", lambda data, name: split)
    monkeypatch.setattr(head_pose, "TURNS", {name: TURNS[name] for name in ("frontal", "yaw 25")})
    monkeypatch.setattr(head_pose, "SHEARS", (0.3,))
    monkeypatch.setattr(head_pose, "Recognizer", network(TRUTH, 7))
    monkeypatch.setattr(head_pose, "EyeRecognizer", network((FROM_FER2013[TRUTH] + 1) % 6, 6))


@pytest.mark.usefixtures("faces")
def test_turned_faces_are_found_again_and_classified(tmp_path):
    found = head_pose.measure(tmp_path)
    assert (found["faces"], found["models"]) == (2, {FACIAL_EXPRESSION: "v1", EYE_EMOTION: "v1"})
    assert list(found["turns"]) == ["frontal", "yaw 25", "shear 0.3"]
    for row in found["turns"].values():
        assert row["lost"] == 0
        assert (row[FACIAL_EXPRESSION]["accuracy"], row[FACIAL_EXPRESSION]["kept"]) == (1, 1)
        assert (row[EYE_EMOTION]["accuracy"], row[EYE_EMOTION]["n"]) == (0, 2)


@pytest.mark.usefixtures("faces")
def test_the_measured_turn_is_close_to_the_rendered_one(tmp_path):
    turns = head_pose.measure(tmp_path, faces=1)["turns"]
    assert turns["frontal"]["measured_deg"]["yaw"] < 8
    assert turns["yaw 25"]["measured_deg"]["yaw"] == pytest.approx(25, abs=8)


def test_faces_that_are_lost_do_not_lower_the_accuracy():
    frontal = [TurnedFace((0.0, 0.0, 0.0), True, True)] * 3
    turned = [
        TurnedFace(None, False, None),
        TurnedFace((-30.0, 4.0, 2.0), True, None),
        TurnedFace((20.0, 4.0, 2.0), False, True),
    ]
    row = head_pose._row(turned, frontal)
    face, eyes = row[FACIAL_EXPRESSION], row[EYE_EMOTION]
    assert (row["lost"], row["measured_deg"]) == (1, {"yaw": 25.0, "pitch": 4.0, "roll": 2.0})
    assert (face["n"], face["accuracy"], face["kept"]) == (2, 0.5, 0.5)
    assert (eyes["n"], eyes["kept"]) == (1, 1)


def test_half_of_the_faces_are_turned_to_either_side(faces, tmp_path, monkeypatch):
    yaws = []
    field = head_pose.Head.field

    def recorded(self, turn: Turn):
        yaws.append(turn.yaw_deg)
        return field(self, turn)

    monkeypatch.setattr(head_pose.Head, "field", recorded)
    head_pose.measure(tmp_path)
    assert sorted(yaw for yaw in yaws if yaw) == [-25.0, 25.0]
