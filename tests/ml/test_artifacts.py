"""Weights on disk: what is missing or damaged says so in a sentence."""

import hashlib
import json
from pathlib import Path

import pytest

from ml import artifacts
from ml.artifacts import ArtifactDamaged, ArtifactMissing, Manifest

CONTENT = b"not really a network"


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    """A weights folder with one version of one modality."""
    folder = tmp_path / "facial_expression" / "tiny-v1"
    folder.mkdir(parents=True)
    (folder / "model.tflite").write_bytes(CONTENT)
    manifest = Manifest(
        modality="facial_expression",
        name="Tiny",
        version="tiny-v1",
        file="model.tflite",
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        kind="network",
        input={"shape": [1, 48, 48, 1], "dtype": "float32", "description": "a face"},
        labels=("happy", "sad"),
        temperature=1.5,
        parameters=7,
        data="none",
        licence="none",
        protocol="none",
        figures={"accuracy": 0.5},
        created_at="2026-01-01T00:00:00+00:00",
    )
    (folder / "manifest.json").write_text(json.dumps(manifest.to_json()))
    (tmp_path / "index.json").write_text('{"facial_expression": "tiny-v1"}')
    return tmp_path


def change_manifest(weights: Path, **changes: object) -> None:
    path = weights / "facial_expression" / "tiny-v1" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_default_version_is_found_and_intact(weights):
    artifact = artifacts.find("facial_expression", weights=weights)
    artifacts.verify(artifact)
    assert artifact.path.read_bytes() == CONTENT
    assert artifact.manifest.labels == ("happy", "sad")
    assert artifacts.installed(weights=weights) == [artifact]


def test_manifest_survives_json():
    weights = artifacts.WEIGHTS
    for artifact in artifacts.installed(weights=weights):
        text = json.dumps(artifact.manifest.to_json())
        assert Manifest.from_json(json.loads(text)) == artifact.manifest


def test_missing_modality_says_how_to_get_it(weights):
    with pytest.raises(ArtifactMissing, match=r"No version of speech_emotion is installed\. .*train_model"):
        artifacts.find("speech_emotion", weights=weights)


def test_unknown_modality_lists_the_four(weights):
    with pytest.raises(ArtifactMissing, match="no modality 'smell'; there are facial_expression, eye_emotion"):
        artifacts.find("smell", weights=weights)


def test_unknown_version_lists_the_installed_ones(weights):
    with pytest.raises(ArtifactMissing, match=r"'paper-v9' of facial_expression is not .* Installed: tiny-v1\."):
        artifacts.find("facial_expression", "paper-v9", weights=weights)


@pytest.mark.parametrize("version", ["../tiny-v1", "..", "", "a/b", ".hidden"])
def test_version_cannot_lead_out_of_its_folder(weights, version):
    with pytest.raises(ArtifactMissing, match="not the name of a version"):
        artifacts.find("facial_expression", version, weights=weights)


def test_changed_file_is_damaged(weights):
    artifact = artifacts.find("facial_expression", weights=weights)
    artifact.path.write_bytes(CONTENT + b"!")
    with pytest.raises(ArtifactDamaged, match=r"model\.tflite of facial_expression tiny-v1 is damaged: its sha256 is"):
        artifacts.verify(artifact)


def test_absent_file_is_damaged(weights):
    artifact = artifacts.find("facial_expression", weights=weights)
    artifact.path.unlink()
    with pytest.raises(ArtifactDamaged, match=r"model\.tflite of facial_expression tiny-v1 is missing"):
        artifacts.verify(artifact)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"kind": "magic"}, "kind 'magic'"),
        ({"file": "../../secret"}, "is not a plain name"),
        ({"colour": "red"}, r"unknown keys \['colour'\]"),
        ({"version": "other-v1"}, "describes facial_expression other-v1"),
    ],
)
def test_wrong_manifest_is_named(weights, changes, complaint):
    change_manifest(weights, **changes)
    with pytest.raises(ArtifactDamaged, match=complaint):
        artifacts.find("facial_expression", weights=weights)


def test_manifest_that_is_no_json_is_damaged(weights):
    (weights / "facial_expression" / "tiny-v1" / "manifest.json").write_text("{")
    with pytest.raises(ArtifactDamaged, match="manifest of facial_expression/tiny-v1 cannot be read"):
        artifacts.find("facial_expression", weights=weights)


def test_manifest_without_a_field_is_damaged(weights):
    path = weights / "facial_expression" / "tiny-v1" / "manifest.json"
    data = json.loads(path.read_text())
    del data["sha256"]
    path.write_text(json.dumps(data))
    with pytest.raises(ArtifactDamaged, match=r"missing keys \['sha256'\]"):
        artifacts.find("facial_expression", weights=weights)


def test_shipped_versions_are_intact_and_each_modality_has_a_default():
    for artifact in artifacts.installed():
        artifacts.verify(artifact)
    assert set(artifacts.default_versions()) == {"facial_expression", "eye_emotion", "eye_gaze", "speech_emotion"}
    for modality, version in artifacts.default_versions().items():
        assert artifacts.find(modality).manifest.version == version
