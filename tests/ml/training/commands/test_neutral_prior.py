"""The neutral prior, measured and kept in the manifest."""

import json
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.training.commands import neutral_prior


@pytest.fixture
def weights(tmp_path):
    shutil.copytree(artifacts.find("facial_expression", "paper-v1").folder, tmp_path / "facial_expression" / "paper-v1")
    return tmp_path


def trainer_with(monkeypatch, probabilities):
    trainer = SimpleNamespace(neutral=lambda artifact, data, work: np.array(probabilities).reshape(-1, 7))
    monkeypatch.setattr(neutral_prior, "trainer_of", lambda modality: trainer)


def test_the_typical_vector_is_the_geometric_mean():
    assert neutral_prior.typical(np.array([[0.5, 0.5], [0.5, 0.5]])) == (0.5, 0.5)
    first, second = neutral_prior.typical(np.array([[0.9, 0.1], [0.4, 0.6]]))
    assert first == pytest.approx(0.6 / (0.6 + 0.06**0.5), abs=1e-3)
    assert first + second == pytest.approx(1.0, abs=1e-3)


def test_one_impossible_reading_does_not_decide(monkeypatch):
    assert neutral_prior.typical(np.array([[0.0, 1.0]] + [[0.5, 0.5]] * 9))[0] > 0.25


def test_it_is_written_into_the_manifest_and_nothing_else_changes(monkeypatch, weights, tmp_path):
    before = artifacts.find("facial_expression", "paper-v1", weights=weights)
    trainer_with(monkeypatch, [[0.1] * 6 + [0.4]])
    neutral_prior.measure(before, data=tmp_path, work=tmp_path)
    after = artifacts.find("facial_expression", "paper-v1", weights=weights)
    assert after.manifest.neutral == (0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.4)
    artifacts.verify(after)
    changed = {k for k, v in after.manifest.to_json().items() if v != before.manifest.to_json()[k]}
    assert changed <= {"neutral"}


def test_a_version_without_neutral_samples_stays_as_it_is(monkeypatch, weights, tmp_path):
    before = artifacts.find("facial_expression", "paper-v1", weights=weights)
    trainer_with(monkeypatch, [])
    assert neutral_prior.measure(before, data=tmp_path, work=tmp_path) == before


def test_a_vector_that_does_not_fit_the_labels_is_refused(weights):
    path = weights / "facial_expression" / "paper-v1" / artifacts.MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | {"neutral": [0.5, 0.5]}))
    with pytest.raises(artifacts.ArtifactDamaged, match="one number per label"):
        artifacts.find("facial_expression", "paper-v1", weights=weights)
