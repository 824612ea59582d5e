"""train_model, evaluate_model and describe_model from the command line, up to where TensorFlow would begin."""

import json
import shutil

import numpy as np
import pytest
from django.core.management import call_command

from ml import artifacts
from ml.recognizers import NETWORKS
from ml.training.commands import trainers
from ml.training.commands.versions import evaluate_version
from ml.training.errors import TrainingError
from ml.training.evaluation import EvaluationRecord

pytestmark = pytest.mark.django_db


def run(capsys, *arguments):
    """Exit status, standard output and standard error of a command."""
    try:
        call_command(*arguments)
        status = 0
    except SystemExit as stopped:
        status = stopped.code
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def is_one_sentence(text):
    return len(text.strip().splitlines()) == 1 and text.strip().endswith(".")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("train_model", "eye_gaze", "--data", "{tmp}"), "eye_gaze is geometry and is not trained."),
        (("evaluate_model", "eye_gaze", "--data", "{tmp}"), "eye_gaze is geometry and is not trained."),
        (("train_model", "smell", "--data", "{tmp}"), "There is no modality 'smell'"),
        (("describe_model", "smell"), "There is no modality 'smell'"),
        (("train_model", "facial_expression", "--data", "{tmp}/nowhere"), "nowhere does not exist."),
        (("train_model", "facial_expression", "--data", "{tmp}"), "fer2013.npz does not exist"),
        (("evaluate_model", "facial_expression", "--data", "{tmp}"), "fer2013.npz does not exist"),
        (("train_model", "speech_emotion", "--data", "{tmp}"), "labels.csv does not exist"),
        (("train_model", "speech_emotion", "--data", "{tmp}", "--protocol", "best"), "There is no protocol 'best'"),
        (("benchmark_baseline", "--data", "{tmp}/nowhere"), "labels.csv does not exist"),
        (("evaluate_model", "speech_emotion", "--data", "{tmp}", "--card"), "are those of its folds"),
        (("evaluate_model", "facial_expression", "--data", "{tmp}", "--card"), "fer2013.npz does not exist"),
        (("benchmark_faces", "--data", "{tmp}"), "fer2013.npz does not exist"),
        (("benchmark_faces", "--data", "{tmp}", "--faces", "0"), "must be 1 or more"),
        (("train_model", "eye_emotion", "--data", "{tmp}", "--version", "v9"), "has no version 'v9' to train"),
        (("train_model", "eye_emotion", "--data", "{tmp}", "--version", "paper-v1"), "needs the ImageNet weights"),
        (("train_model", "facial_expression", "--data", "{tmp}", "--epochs", "0"), "must be 1 or more"),
        (("describe_model", "facial_expression", "--version", "v9"), "Version 'v9' of facial_expression is not"),
        (("describe_model", "eye_emotion", "--version", "paper-v1"), "needs the ImageNet weights"),
        (("describe_model", "eye_emotion", "--json", "{tmp}/no/where.json"), "where.json cannot be written"),
    ],
)
def test_what_is_wrong_is_one_sentence_and_status_2(capsys, tmp_path, arguments, complaint):
    status, _, error = run(capsys, *(a.replace("{tmp}", str(tmp_path)) for a in arguments))
    assert status == 2
    assert complaint in error
    assert is_one_sentence(error)


@pytest.mark.parametrize("modality", ["facial_expression", "eye_emotion", "eye_gaze", "speech_emotion"])
def test_every_modality_is_described(capsys, modality):
    status, out, _ = run(capsys, "describe_model", modality)
    manifest = artifacts.find(modality).manifest
    assert status == 0
    for value in (manifest.version, manifest.sha256, f"{manifest.parameters:,}", *manifest.labels):
        assert value in out


def test_description_as_json_goes_to_standard_output_alone(capsys):
    status, out, _ = run(capsys, "describe_model", "facial_expression", "--json", "-")
    data = json.loads(out)
    assert status == 0
    assert set(data) >= {"version", "parameters", "input", "labels", "sha256", "figures"}
    assert data["parameters"] == artifacts.find("facial_expression").manifest.parameters


def test_description_goes_to_a_file_too(capsys, tmp_path):
    status, out, _ = run(capsys, "describe_model", "eye_gaze", "--json", str(tmp_path / "gaze.json"))
    assert status == 0
    assert "geometry" in out
    assert json.loads((tmp_path / "gaze.json").read_text())["modality"] == "eye_gaze"


def small_fer2013(folder):
    """Ten pictures of each usage; one test picture is also a training picture."""
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (30, 48, 48), dtype=np.uint8)
    images[25] = images[0]
    labels = (np.arange(30) % 7).astype(np.uint8)
    np.savez(folder / "fer2013.npz", images=images, labels=labels, usage=np.repeat([0, 1, 2], 10).astype(np.uint8))


def test_shipped_face_network_is_measured_on_a_split(capsys, tmp_path):
    small_fer2013(tmp_path)
    status, out, _ = run(
        capsys, "evaluate_model", "facial_expression", "--data", str(tmp_path), "--split", "private", "--json", "-"
    )
    result = json.loads(out)
    assert status == 0
    assert (result["n"], result["deduplicated"]["n"]) == (10, 9)
    assert (result["split"], result["version"]) == ("private", artifacts.find("facial_expression").manifest.version)
    assert np.array(result["confusion"]).sum() == 10
    assert result["accuracy"] == pytest.approx(np.trace(result["confusion"]) / 10)
    assert 0 <= result["accuracy_interval"][0] <= result["accuracy"] <= result["accuracy_interval"][1] <= 1


def test_a_card_is_measured_anew_in_its_place(capsys, tmp_path):
    small_fer2013(tmp_path)
    shipped = artifacts.find("facial_expression", "paper-v1")
    folder = tmp_path / "weights" / "facial_expression" / "paper-v1"
    shutil.copytree(shipped.folder, folder)
    where = ("--data", str(tmp_path), "--weights", str(tmp_path / "weights"), "--version", "paper-v1")
    status, out, _ = run(capsys, "evaluate_model", "facial_expression", "--card", *where)
    assert (status, "measured anew" in out) == (0, True)

    anew = artifacts.at(folder)
    artifacts.verify(anew)
    stored = EvaluationRecord.read(folder)
    assert stored.measured[0]["n"] == 10
    assert anew.manifest.figures["fer2013_private_accuracy"] == stored.measured[0]["accuracy"]
    assert stored.history == EvaluationRecord.read(shipped.folder).history
    rows = stored.extra["robustness"][0]["rows"]
    assert {row["n"] for row in rows} == {10}
    assert rows[0]["accuracy"] == stored.measured[0]["accuracy"]
    assert 0 < stored.extra["speed"]["median_ms"] < 50


def test_a_damaged_file_is_not_measured(tmp_path, monkeypatch):
    real = artifacts.find("facial_expression")
    version = real.manifest.version
    folder = tmp_path / "facial_expression" / version
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text((real.folder / "manifest.json").read_text())
    (folder / "model.tflite").write_bytes(b"damaged")
    damaged = artifacts.find("facial_expression", version, weights=tmp_path)
    monkeypatch.setattr(artifacts, "find", lambda *args, **where: damaged)
    with pytest.raises(artifacts.ArtifactDamaged, match="is damaged"):
        evaluate_version("facial_expression", version=None, data=tmp_path, split="private", work=tmp_path)


@pytest.mark.parametrize("modality", NETWORKS)
def test_what_a_version_takes_is_said_where_it_is_not_installed(capsys, monkeypatch, tmp_path, modality):
    for version, needs in trainers.trainer_of(modality).VERSIONS.items():
        missing = artifacts.ArtifactMissing(f"Version '{version}' is not installed.")

        def find(*_, error=missing, **__):
            raise error

        monkeypatch.setattr(artifacts, "find", find)
        status, _, error = run(capsys, "describe_model", modality, "--version", version)
        assert (status, error.strip()) == (2, f"{missing} {needs}")


def test_the_default_version_to_train_is_the_trainers_first():
    assert trainers.check_version("eye_emotion", None) == "compact-v2"
    with pytest.raises(TrainingError, match="there are compact-v2, paper-v1"):
        trainers.check_version("eye_emotion", "v9")
