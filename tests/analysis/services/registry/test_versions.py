"""The installed weights as rows, and whether they are whole."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from analysis.models import ModelChange, ModelVersion
from analysis.selectors import model_problems
from analysis.services import model_version_activate
from ml import artifacts
from ml.faces import models as face_models
from ml.modalities import MODALITIES


def write_version(weights: Path, modality: str, version: str, content: bytes = b"network") -> Path:
    folder = weights / modality / version
    folder.mkdir(parents=True)
    (folder / "model.tflite").write_bytes(content)
    manifest = artifacts.Manifest(
        modality=modality,
        name=f"{modality}-net",
        version=version,
        file="model.tflite",
        sha256=artifacts.sha256_of(folder / "model.tflite"),
        kind="network",
        input={"shape": [1, 48, 48, 1], "dtype": "float32", "description": "face"},
        labels=("a", "b"),
        temperature=1.0,
        parameters=10,
        data="none",
        licence="none",
        protocol="none",
        figures={},
        created_at="2026-01-01T00:00:00+00:00",
    )
    (folder / "manifest.json").write_text(json.dumps(manifest.to_json()))
    return folder


@pytest.fixture
def weights(tmp_path, monkeypatch, settings) -> Path:
    """A folder of weights with two versions of facial expression and one of everything else."""
    folder = tmp_path / "weights"
    for modality in MODALITIES:
        write_version(folder, modality, "v1")
    write_version(folder, "facial_expression", "v2", b"better")
    (folder / "index.json").write_text(json.dumps(dict.fromkeys(MODALITIES, "v1") | {"facial_expression": "v2"}))
    for function in (artifacts.find, artifacts.installed, artifacts.default_versions):
        monkeypatch.setitem(function.__kwdefaults__, "weights", folder)
    settings.WEIGHTS_DIR = folder
    return folder


def call(command: str) -> tuple[int, str, str]:
    out, err = StringIO(), StringIO()
    try:
        call_command(command, stdout=out, stderr=err)
    except SystemExit as exit:
        return int(exit.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_installed_versions_become_rows_and_again_changes_nothing(db, weights):
    for _ in range(2):
        assert call("sync_model_versions")[1] == "5 model versions are recorded.\n"
        assert ModelVersion.objects.count() == 5
    assert in_service() == dict.fromkeys(MODALITIES, "v1") | {"facial_expression": "v2"}
    row = ModelVersion.objects.get(modality="facial_expression", version="v2")
    assert row.manifest["labels"] == ["a", "b"]
    assert row.sha256 == artifacts.find("facial_expression").manifest.sha256
    assert (row.source, row.size_bytes, row.problem) == ("shipped", len(b"better"), "")
    assert row.checked_at is not None
    assert ModelVersion.objects.get(modality="facial_expression", version="v1").status == "candidate"


def in_service() -> dict[str, str]:
    return dict(ModelVersion.objects.active().values_list("modality", "version"))


def make_default(weights: Path, **versions: str) -> None:
    (weights / "index.json").write_text(json.dumps(dict.fromkeys(MODALITIES, "v1") | versions))


def test_a_version_that_is_gone_keeps_its_row_and_leaves_service(db, weights):
    call("sync_model_versions")
    shutil.rmtree(weights / "facial_expression" / "v2")
    make_default(weights)
    call("sync_model_versions")
    assert ModelVersion.objects.get(version="v2").status == "retired"
    assert in_service()["facial_expression"] == "v1"


def test_an_update_replaces_what_an_update_put_in_service(db, weights):
    make_default(weights)
    call("sync_model_versions")
    make_default(weights, facial_expression="v2")
    call("sync_model_versions")
    assert in_service()["facial_expression"] == "v2"
    change = ModelChange.objects.filter(action="shipped", modality="facial_expression").first()
    assert (change.by_name, change.old_version.version, change.new_version.version) == ("system", "v1", "v2")


def test_an_update_leaves_what_a_person_chose(db, weights, carol):
    make_default(weights)
    call("sync_model_versions")
    chosen = ModelVersion.objects.get(modality="facial_expression", version="v1")
    other = ModelVersion.objects.get(modality="facial_expression", version="v2")
    model_version_activate(version=other, by=carol, reason="A look at it.")
    model_version_activate(version=chosen, by=carol, reason="The old one was steadier.")
    make_default(weights, facial_expression="v2")
    call("sync_model_versions")
    assert in_service()["facial_expression"] == "v1"


def test_an_unreadable_manifest_is_a_sentence_and_takes_only_its_modality_out_of_service(db, weights):
    call("sync_model_versions")
    (weights / "eye_gaze" / "v1" / "manifest.json").write_text("{")
    _, out, err = call("sync_model_versions")
    assert out == "4 model versions are recorded.\n"
    assert "manifest of eye_gaze/v1 cannot be read" in err
    assert in_service()["eye_gaze"] == "v1"
    assert list(model_problems()) == ["eye_gaze"]
    assert "manifest of Eye gaze v1 is missing or cannot be read" in model_problems()["eye_gaze"]


def test_whole_weights_are_confirmed(weights):
    assert call("verify_weights") == (0, "All shipped weights are whole.\n", "")


def test_every_damaged_or_missing_file_is_named(weights):
    (weights / "eye_gaze" / "v1" / "model.tflite").write_bytes(b"flipped")
    (weights / "speech_emotion" / "v1" / "model.tflite").unlink()
    shutil.rmtree(weights / "eye_emotion")
    status, out, err = call("verify_weights")
    assert (status, out) == (1, "")
    lines = err.splitlines()
    assert len(lines) == 3
    assert any("eye_gaze v1 is damaged" in line for line in lines)
    assert any("speech_emotion v1 is missing" in line for line in lines)
    assert any("'v1' of eye_emotion is not installed" in line for line in lines)


def test_a_damaged_manifest_is_named(weights):
    (weights / "eye_gaze" / "v1" / "manifest.json").write_text("[]")
    status, _, err = call("verify_weights")
    assert status == 1
    assert len(err.splitlines()) == 1
    assert "eye_gaze/v1" in err


def test_a_damaged_face_network_is_named(weights, monkeypatch):
    name = next(iter(face_models.SHA256))
    monkeypatch.setitem(face_models.SHA256, name, "0" * 64)
    status, _, err = call("verify_weights")
    assert status == 1
    assert name in err


def test_what_this_repository_ships_is_whole():
    if not artifacts.installed():
        pytest.skip("no weights are in this checkout")
    assert call("verify_weights") == (0, "All shipped weights are whole.\n", "")
