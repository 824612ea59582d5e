"""Comparison of the installed face versions."""

import json
from dataclasses import replace

import numpy as np
import pytest

from ml import artifacts
from ml.benchmarks import face_crops
from ml.faces.geometry import Face
from ml.modalities import FACIAL_EXPRESSION
from ml.training.datasets.fer2013 import Split
from ml.training.errors import TrainingError
from ml.training.facial_expression.crop_framing import Found

FACES = 6


@pytest.fixture
def weights(tmp_path):
    """Two face versions and one of eye emotion."""
    for shipped, version in (("facial_expression", "a"), ("facial_expression", "b"), ("eye_emotion", "c")):
        manifest = replace(artifacts.find(shipped).manifest, version=version)
        (tmp_path / shipped / version).mkdir(parents=True)
        (tmp_path / shipped / version / "manifest.json").write_text(json.dumps(manifest.to_json()))
    return tmp_path


@pytest.fixture(autouse=True)
def data(monkeypatch):
    """Random crops with a face mesh in all but the first; version a is always right about label 3, b never."""
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (FACES, 48, 48)).astype(np.uint8)
    split = Split(images, np.full(FACES, 3), np.arange(FACES), np.zeros(FACES, bool))
    landmarks = (rng.random((468, 3)) * 192).astype(np.float32)
    picture = rng.integers(0, 255, (192, 192)).astype(np.uint8)

    def find(images, *, title):
        return Found(np.arange(1, len(images)), tuple((picture, Face(landmarks, 1.0)) for _ in images[1:]))

    def predictor(artifact):
        return lambda crops: np.eye(7)[[3 if artifact.manifest.version == "a" else 4] * len(crops)]

    monkeypatch.setattr(face_crops.fer2013, "load", lambda folder, name: split)
    monkeypatch.setattr(face_crops.crop_framing, "find", find)
    monkeypatch.setattr(face_crops, "predictor", predictor)


def test_every_face_version_is_measured_on_the_same_faces(tmp_path, weights):
    found = face_crops.measure(tmp_path, split="public", faces=None, weights=weights)
    assert (found["faces"], found["with_landmarks"]) == (FACES, FACES - 1)
    assert {version: tables["own_crops"] for version, tables in found["versions"].items()} == {"a": 1, "b": 0}
    for version, accuracy in (("a", 1.0), ("b", 0.0)):
        tables = found["versions"][version]
        assert {row["accuracy"] for row in tables["framing"]} == {accuracy}
        assert {row["accuracy"] for row in tables["robustness"]["rows"]} == {accuracy}


def test_a_part_of_the_split_is_drawn_at_random_but_the_same_every_time(tmp_path, weights):
    first, second = (face_crops.measure(tmp_path, split="public", faces=4, weights=weights) for _ in range(2))
    assert (first["faces"], first["with_landmarks"]) == (4, 3)
    assert first == second


def test_no_faces_are_refused(tmp_path, weights, monkeypatch):
    with pytest.raises(TrainingError, match="1 or more"):
        face_crops.measure(tmp_path, split="public", faces=0, weights=weights)
    with pytest.raises(TrainingError, match="has landmarks"):
        face_crops.measure(tmp_path, split="public", faces=1, weights=weights)


def test_the_text_has_a_line_for_each_condition_and_margin(tmp_path, weights):
    found = face_crops.measure(tmp_path, split="public", faces=None, weights=weights)
    lines = face_crops.text(found).splitlines()
    rows = sum(len(tables["robustness"]["rows"]) + len(tables["framing"]) for tables in found["versions"].values())
    assert len(lines) == rows + 2 * len(found["versions"])
    assert lines[0].startswith(f"{FACIAL_EXPRESSION} a, ")
