"""Networks on LiteRT: loaded once, verified, calibrated."""

import numpy as np
import pytest

from ml import runtime
from ml.artifacts import Artifact, ArtifactDamaged, Manifest, sha256_of
from ml.runtime import FileDamaged, Network, calibrate


class Answers:
    """Stands in for a loaded file: one fixed softmax row."""

    def __init__(self, row):
        self.row = np.array([row], np.float32)

    def run(self, tensor):
        assert tensor.shape == (1, 2, 2)
        return [self.row]


@pytest.fixture
def artifact(tmp_path) -> Artifact:
    path = tmp_path / "model.tflite"
    path.write_bytes(b"weights")
    manifest = Manifest(
        modality="eye_emotion", name="test", version="v1", file=path.name, sha256=sha256_of(path), kind="network",
        input={}, labels=("a", "b", "c"), temperature=2.0, parameters=1, data="", licence="", protocol="", figures={},
        created_at="",
    )  # fmt: skip
    return Artifact(tmp_path, manifest)


def test_temperature_softens_without_changing_the_order():
    probabilities = np.array([[0.7, 0.2, 0.1]], np.float32)
    assert calibrate(probabilities, 1.0) == pytest.approx(probabilities, abs=1e-6)
    softer = calibrate(probabilities, 2.0)[0]
    assert softer.sum() == pytest.approx(1)
    assert softer[0] < 0.7
    assert list(np.argsort(-softer)) == [0, 1, 2]
    assert softer[0] / softer[1] == pytest.approx((0.7 / 0.2) ** 0.5, rel=1e-4)


def test_certain_outputs_stay_finite():
    assert np.isfinite(calibrate(np.array([[1.0, 0.0]], np.float32), 0.5)).all()


def test_network_calibrates_and_drops_outputs_without_a_label(artifact, monkeypatch):
    monkeypatch.setattr(runtime, "graph", lambda path, sha256: Answers([0.4, 0.1, 0.1, 0.4]))
    found = Network(artifact).predict(np.zeros((5, 2, 2), np.float32))
    assert found.shape == (5, 3)
    assert found.sum(axis=1) == pytest.approx(np.ones(5))
    assert found[0, 0] / found[0, 1] == pytest.approx(2.0, rel=1e-4)


def test_damaged_weights_are_refused_with_the_fix(artifact):
    artifact.path.write_bytes(b"other")
    with pytest.raises(ArtifactDamaged, match="Restore"):
        Network(artifact)


def test_file_is_read_once_per_process(tmp_path, monkeypatch):
    path = tmp_path / "a.tflite"
    path.write_bytes(b"bytes")
    loaded = []
    monkeypatch.setattr(runtime, "Graph", lambda content: loaded.append(content) or object())
    digest = sha256_of(path)
    assert runtime.graph(path, digest) is runtime.graph(path, digest)
    assert loaded == [b"bytes"]
    with pytest.raises(FileDamaged, match=r"a\.tflite"):
        runtime.graph(path, "0" * 64)
