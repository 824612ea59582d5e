"""Whole files through the real subprocess; one of them needs TensorFlow, which stays in there."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ml import artifacts
from ml.artifacts import Artifact, Manifest
from ml.facial_expression.preprocessing import INPUT as FACE_CROP
from ml.imports import litert, trial
from ml.imports.convert import _preprocessing
from ml.imports.errors import ImportRefused
from ml.recognizers import RECOGNIZERS
from ml.runtime import Graph, Network
from ml.speech_emotion.features.front_ends import LOG_MEL_INPUT, MEAN_MFCC_INPUT
from tests.factories import model_files
from tests.factories.model_files import FACE_LABELS, SPEECH_LABELS, keras_file, layer
from tests.ml.imports.test_malicious import convert

SPEECH = RECOGNIZERS["speech_emotion"]


def test_a_keras_file_becomes_a_version_that_serves(tmp_path: Path):
    turned = (*FACE_LABELS[1:], FACE_LABELS[0])
    output = tmp_path / "facial_expression" / "v1"
    # Trained with half products, as this house trains too: LiteRT has no bfloat16, and the weights are float32.
    mixed = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_bfloat16"}}
    config = model_files.network(layer("Activation", activation="relu", name="relu", dtype=mixed))
    answer = convert(keras_file(tmp_path / "m.keras", config=config), output, "facial_expression", turned)
    assert answer["ok"] is True, answer
    manifest = Manifest.from_json(json.loads((output / artifacts.MANIFEST).read_text()))
    assert manifest.labels == turned
    assert manifest.parameters == 2304 * 7 + 7
    assert manifest.training["probe_largest_difference"] < 1e-4
    assert manifest.training["probe_latency_ms"] > 0
    assert sorted(path.name for path in output.iterdir()) == ["manifest.json", "model.tflite"]
    artifact = artifacts.find("facial_expression", "v1", weights=tmp_path)
    probabilities = Network(artifact).predict(trial.examples(FACE_CROP))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-4)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], Path]:
    folder = tmp_path_factory.mktemp("imported")
    (folder / "m.tflite").write_bytes(model_files.litert_bytes())
    output = folder / "speech_emotion" / "v1"
    return convert(folder / "m.tflite", output, "speech_emotion", SPEECH_LABELS), output


def test_a_litert_file_becomes_a_version_that_serves(imported: tuple[dict[str, Any], Path]):
    answer, output = imported
    assert answer["ok"] is True, answer
    manifest = Manifest.from_json(answer["manifest"])
    assert Network(Artifact(output, manifest)).predict(trial.examples(MEAN_MFCC_INPUT)).shape == (trial.EXAMPLES, 8)
    assert manifest.figures == {}


def test_speech_is_standardised_as_by_the_installed_version_unless_told(imported: tuple[dict[str, Any], Path]):
    assert (
        imported[0]["manifest"]["preprocessing"] == artifacts.find("speech_emotion", "paper-v1").manifest.preprocessing
    )


def test_a_speech_network_is_told_by_its_input_shape():
    assert trial.check_signature(SPEECH, (1, 300, 80), (1, 8)) is LOG_MEL_INPUT
    assert trial.check_signature(SPEECH, (None, 216, 1), (None, 8)) is MEAN_MFCC_INPUT


def test_a_speech_network_on_log_mel_spectrograms_needs_no_numbers():
    assert _preprocessing(LOG_MEL_INPUT, None, {}) == {"features": "log_mel"}
    with pytest.raises(ImportRefused, match="takes no numbers"):
        _preprocessing(LOG_MEL_INPUT, {"mean": 1.0, "std": 2.0}, {})


def test_numbers_of_the_papers_features_are_complete_and_finite():
    assert _preprocessing(MEAN_MFCC_INPUT, {"mean": -20.0, "std": 5.0}, {}) == {"mean": -20.0, "std": 5.0}
    for given in ({"mean": 1.0}, {"mean": float("nan"), "std": 1.0}, {"mean": 1.0, "std": 0.0}, {"mean": 1, "x": 2}):
        with pytest.raises(ImportRefused, match="finite numbers mean and std, and nothing else"):
            _preprocessing(MEAN_MFCC_INPUT, given, {})
    with pytest.raises(ImportRefused, match="no installed version has them"):
        _preprocessing(MEAN_MFCC_INPUT, None, {})


def test_the_file_that_serves_is_ours_and_has_nothing_but_the_network():
    model = model_files.litert_model()
    model.description = "for somebody else"
    content, constants = litert.rewritten(model_files.litert_bytes(model))
    assert b"for somebody else" not in content
    assert constants == 8 * 216
    before, after = Graph(model_files.litert_bytes(model)), Graph(content)
    for example in trial.examples(MEAN_MFCC_INPUT):
        np.testing.assert_array_equal(before.run(example[np.newaxis])[0], after.run(example[np.newaxis])[0])


def refusal_of(model: Any, modality: str = "speech_emotion") -> str:
    with pytest.raises(ImportRefused) as refusal:
        trial.run(litert.rewritten(model_files.litert_bytes(model))[0], RECOGNIZERS[modality])
    return str(refusal.value)


def test_a_network_of_another_modality_is_refused():
    assert "takes inputs of the shape (1, 216, 1); this modality gives (1, 48, 48, 1)" in refusal_of(
        model_files.litert_model(), "facial_expression"
    )


def test_a_network_with_other_outputs_is_refused():
    model = model_files.litert_model()
    kernel, *answers = model.subgraphs[0].tensors[1:]
    kernel.shape = [6, 216]
    model.buffers[1].data = model.buffers[1].data[: 6 * 216 * 4]
    for tensor in answers:
        tensor.shape = [1, 6]
    assert "gives outputs of the shape (1, 6); this modality has 8 labels" in refusal_of(model)


def test_a_network_without_a_softmax_is_refused():
    model = model_files.litert_model()
    model.subgraphs[0].operators.pop()
    model.subgraphs[0].outputs = [2]
    assert "not probabilities" in refusal_of(model)


def test_a_network_that_gives_no_numbers_is_refused():
    model = model_files.litert_model()
    model.buffers[1].data = np.frombuffer(np.full((8, 216), np.nan, np.float32).tobytes(), dtype=np.uint8)
    assert "not numbers" in refusal_of(model)


def test_a_network_with_operators_that_lead_nowhere_is_refused():
    model = model_files.litert_model()
    model.subgraphs[0].operators[0].inputs = [0, 99, -1]
    assert "damaged" in refusal_of(model)


def test_two_networks_that_disagree_are_told_apart():
    content = litert.rewritten(model_files.litert_bytes())[0]
    answers = trial.run(content, SPEECH).probabilities
    assert trial.check_agreement(answers, answers) == 0
    with pytest.raises(ImportRefused, match="answers differently"):
        trial.check_agreement(answers, np.roll(answers, 1, axis=1))


def test_only_the_papers_speech_input_allows_spare_outputs():
    assert trial.check_signature(SPEECH, (None, 216, 1), (None, 10)) is MEAN_MFCC_INPUT
    with pytest.raises(ImportRefused, match="outputs"):
        trial.check_signature(SPEECH, (None, 300, 80), (None, 10))
