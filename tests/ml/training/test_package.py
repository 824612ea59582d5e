"""What the packager writes, and that a version's folder is replaced in one step."""

import dataclasses
import hashlib
import json

import numpy as np
import pytest

from ml import artifacts
from ml.artifacts import Artifact
from ml.training import card, package
from ml.training.checkpoint import EpochRecord
from ml.training.evaluation import Evaluation, EvaluationRecord, EvaluationResult, Notes
from ml.training.metrics import scores
from ml.training.package import Description, Trained

LABELS = ("happy", "sad")
TRUTH = np.array([0, 0, 1, 1])
# Overconfident: half of the predictions with 99 % are wrong.
RAW = np.array([[0.99, 0.01], [0.01, 0.99], [0.01, 0.99], [0.99, 0.01]], dtype=np.float32)
DESCRIPTION = Description(
    modality="facial_expression",
    name="Tiny",
    version="tiny-v1",
    input={"shape": [1, 2], "dtype": "float32", "description": "two numbers"},
    labels=LABELS,
    data="four examples",
    licence="free",
    protocol="by hand",
)


class Model:
    """In a Keras model's place."""

    def count_params(self) -> int:
        return 7


@pytest.fixture
def converted(monkeypatch):
    """The conversion and the file's predictions, without TensorFlow; the list holds the options of conversion."""
    options = []

    def to_litert(model, samples, **choices):
        options.append(choices)
        return b"the file"

    monkeypatch.setattr(package.convert, "to_litert", to_litert)
    monkeypatch.setattr(package.convert, "predict_file", lambda content, inputs: RAW[: len(inputs)])
    monkeypatch.setattr(package.convert, "served", lambda content, temperature: lambda inputs: RAW[: len(inputs)])
    return options


def trained(**choices) -> Trained:
    return Trained(
        DESCRIPTION,
        model=Model(),
        samples=np.zeros((2, 2), np.float32),
        validation=lambda predict: (TRUTH, predict(np.zeros((4, 2), np.float32))),
        history=[EpochRecord(n, 1 / n, n / 5, 1.1 / n, n / 6, n / 6, 1e-3, 2.0) for n in (1, 2)],
        notes=Notes(summary="A tiny network.", paper_claim="Much.", recipe=("Two epochs.",)),
        **choices,
    )


def evaluation(probabilities, accuracy=0.5) -> Evaluation:
    return Evaluation(
        results=(EvaluationResult("test", "the test set", scores(TRUTH, probabilities, LABELS)),),
        truth=TRUTH,
        probabilities=probabilities,
        headline={"accuracy": accuracy},
        extra={},
        limits=("Four examples.",),
    )


def packaged(weights, **choices) -> Artifact:
    return package.package(
        trained(**choices), lambda predict, _: evaluation(predict(np.zeros((4, 2)))), weights=weights
    )


def test_a_packaged_version_is_calibrated_on_validation_and_describes_its_file(tmp_path, converted):
    artifact = packaged(tmp_path, eight_bit=True)
    manifest = artifact.manifest
    artifacts.verify(artifact)
    assert converted == [{"half_precision": False, "eight_bit": True}]
    assert manifest.sha256 == hashlib.sha256(b"the file").hexdigest()
    assert (manifest.parameters, manifest.kind, manifest.figures) == (7, "network", {"accuracy": 0.5})
    assert manifest.temperature > 1
    record = EvaluationRecord.read(artifact.folder)
    assert record.calibration["temperature"] == manifest.temperature
    assert record.calibration["ece_before"] == pytest.approx(0.49, abs=1e-3)
    assert record.calibration["ece_after"] < record.calibration["ece_before"]
    assert record.notes["limits"] == ["Four examples."]
    assert [row["epoch"] for row in record.history] == [1, 2]
    assert (artifact.folder / card.FILE).read_text() == card.render(manifest, record, card.NETWORK)


def test_the_evaluation_gets_the_fitted_temperature(tmp_path, converted):
    given = []

    def evaluate(predict, temperature):
        given.append(temperature)
        return evaluation(predict(np.zeros((4, 2))))

    artifact = package.package(trained(), evaluate, weights=tmp_path)
    assert given == [artifact.manifest.temperature]


def test_a_copy_under_another_name_names_itself(tmp_path, converted):
    copy = package.save_as(packaged(tmp_path), "tiny-v2", weights=tmp_path / "elsewhere")
    artifacts.verify(copy)
    assert copy.folder == tmp_path / "elsewhere" / "facial_expression" / "tiny-v2"
    assert "version tiny-v2" in (copy.folder / card.FILE).read_text()


def test_a_changed_manifest_leaves_every_other_file_as_it_is(tmp_path, converted):
    before = packaged(tmp_path)
    contents = {path.name: path.read_bytes() for path in before.folder.iterdir()}
    after = package.change_manifest(before, neutral=(0.5, 0.5))
    assert after.manifest == dataclasses.replace(before.manifest, neutral=(0.5, 0.5))
    changed = {path.name for path in after.folder.iterdir() if contents.pop(path.name) != path.read_bytes()}
    assert (changed, contents) == ({artifacts.MANIFEST}, {})


def test_a_version_without_training_gets_new_notes_with_its_evaluation(tmp_path, converted):
    before = packaged(tmp_path)
    notes = Notes(summary="Nothing was trained.", paper_claim="", recipe=("By hand.",))
    after = package.renew(before, evaluation(RAW, accuracy=0.25), notes=notes, sections=(card.notes("How", "recipe"),))
    record = EvaluationRecord.read(after.folder)
    assert after.manifest.figures == {"accuracy": 0.25}
    assert (record.history, record.calibration) == ((), {"temperature": before.manifest.temperature})
    assert (after.folder / card.FILE).read_text().endswith("## How\n\n- By hand.\n")


def test_after_an_error_a_folder_is_what_it_was(tmp_path):
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / "a").write_text("before")

    def interrupted() -> None:
        with package.replaced(folder, base=folder) as fresh:
            (fresh / "a").write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": "before"}
    assert list(tmp_path.glob(".*")) == []


def test_a_replaced_folder_has_nothing_of_the_old_one(tmp_path):
    folder = tmp_path / "v1"
    folder.mkdir()
    (folder / "old").write_text("old")
    with package.replaced(folder) as fresh:
        assert (folder / "old").exists()
        (fresh / "new").write_text("new")
    assert [path.name for path in folder.iterdir()] == ["new"]


def test_manifests_are_plain_json(tmp_path, converted):
    text = (packaged(tmp_path).folder / artifacts.MANIFEST).read_text()
    assert json.loads(text)["input"] == DESCRIPTION.input
