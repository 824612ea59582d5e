"""Gaze of a face, from pictures."""

import json
import shutil
from collections import Counter
from dataclasses import replace

import cv2
import numpy as np
import pytest

from ml import artifacts
from ml.demo.portrait import Pose, frame
from ml.eye_gaze.recognizer import Recognizer
from ml.faces.face_pass import FacePass
from ml.media.video import Frame
from ml.modalities import EYE_GAZE


@pytest.fixture(scope="module")
def recognizer():
    return Recognizer()


def labels_of(recognizer, poses, size=(640, 480)) -> list[str]:
    faces = FacePass()
    samples = []
    for i, pose in enumerate(poses):
        shown = Frame(i / 10, (i + 1) / 10, frame(pose, width=size[0], height=size[1]))
        (face,) = faces.observe(shown)
        samples.append(recognizer.measure(faces.sample(shown, face)))
    return [observation.label for observation in recognizer.observations(samples)]


@pytest.mark.parametrize(("gaze", "label"), [(0.5, "center_left"), (-0.5, "center_right")])
def test_face_that_looks_aside_is_seen_to(recognizer, gaze, label):
    found = labels_of(recognizer, [Pose()] * 9 + [Pose(gaze=gaze)] * 6)
    assert found == ["center"] * 9 + [label] * 6


def test_looks_to_the_border_get_the_same_share_in_another_encoding(recognizer):
    poses = [Pose()] * 10 + [Pose(gaze=float(gaze)) for gaze in np.linspace(0.15, 0.75, 16)]
    shares = []
    for quality in (95, 25):
        faces, samples = FacePass(tiled=False), []
        for i, pose in enumerate(poses):
            _, code = cv2.imencode(".jpg", frame(pose, width=320, height=240), [cv2.IMWRITE_JPEG_QUALITY, quality])
            shown = Frame(i / 10, (i + 1) / 10, np.asarray(cv2.imdecode(code, cv2.IMREAD_COLOR), np.uint8))
            (face,) = faces.observe(shown)
            samples.append(recognizer.measure(faces.sample(shown, face)))
        shares.append(Counter(observation.label for observation in recognizer.observations(samples)))
    sharp, coarse = shares
    assert 0 < sharp["center_left"] < len(poses)
    assert all(abs(sharp[label] - coarse[label]) <= 0.1 * len(poses) for label in sharp | coarse)


def test_blink_is_unknown(recognizer):
    found = labels_of(recognizer, [Pose()] * 6 + [Pose(closed=1.0)] * 2 + [Pose()] * 4)
    assert found == ["center"] * 6 + ["unknown"] * 2 + ["center"] * 4


def test_moving_and_tilting_the_head_is_not_looking_away(recognizer):
    moves = [Pose(x=0.02 * i - 0.1, angle_deg=3.0 * i - 15, scale=1 - 0.02 * i) for i in range(11)]
    assert set(labels_of(recognizer, moves)) == {"center"}


def test_face_too_small_for_its_irises_is_not_measured(recognizer):
    faces = FacePass()
    shown = Frame(0.0, 0.1, frame(Pose(scale=0.57), width=160, height=120))
    (face,) = faces.observe(shown)
    assert not face.is_small
    assert recognizer.measure(faces.sample(shown, face)) is None


def test_parameters_without_a_value_are_refused(tmp_path):
    shipped = artifacts.find(EYE_GAZE)
    numbers = json.loads((shipped.folder / "parameters.json").read_text())
    del numbers["dwell_s"]
    (tmp_path / "parameters.json").write_text(json.dumps(numbers))
    manifest = replace(shipped.manifest, sha256=artifacts.sha256_of(tmp_path / "parameters.json"))
    with pytest.raises(artifacts.ArtifactDamaged, match="dwell_s"):
        Recognizer(artifacts.Artifact(tmp_path, manifest))


def test_damaged_parameters_are_refused(tmp_path):
    shipped = artifacts.find(EYE_GAZE)
    folder = tmp_path / EYE_GAZE / shipped.manifest.version
    shutil.copytree(shipped.folder, folder)
    numbers = json.loads((folder / "parameters.json").read_text())
    (folder / "parameters.json").write_text(json.dumps(numbers | {"hysteresis": 0.5}))
    with pytest.raises(artifacts.ArtifactDamaged, match="sha256"):
        Recognizer(artifacts.Artifact(folder, shipped.manifest))
