"""A trained version becomes a folder with file, manifest, evaluation and card."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from ml import artifacts
from ml.speech_emotion.labels import LABELS
from ml.training import card
from ml.training.checkpoint import EpochRecord
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Clips
from ml.training.evaluation import EvaluationRecord
from ml.training.options import Options
from ml.training.speech_emotion import packaging, paper
from ml.training.speech_emotion.fold_predictions import Predictions, ProtocolRun

CLIPS = 48
HISTORY = tuple(EpochRecord(n, 2.0, 0.25 * n, 2.0, 0.1 * n, 0.1, 1e-3, 1.0) for n in (1, 2, 3))


@pytest.fixture
def clips():
    return Clips(
        files=tuple(Path(f"{n}.flac") for n in range(CLIPS)),
        truth=np.arange(CLIPS) % 8,
        speakers=np.repeat([1, 2, 3], CLIPS // 3),
        stems=tuple(map(str, range(CLIPS))),
        corpora=np.full(CLIPS, RAVDESS),
    )


def run(clips, *, right, best_epochs=((3,), (1,)), seed=0):
    """A run in which the first ``right`` clips are recognised and the others taken for the next label."""
    predicted = (clips.truth + (np.arange(CLIPS) >= right)) % 8
    predictions = Predictions(np.arange(CLIPS), clips.truth, np.eye(8)[predicted] * 0.92 + 0.01)
    return ProtocolRun(seed, len(best_epochs), predictions, predictions, {}, best_epochs, HISTORY)


@pytest.fixture
def written(clips, monkeypatch, tmp_path):
    """The version that ships, packaged with other folds."""
    content = artifacts.find("speech_emotion", "paper-v1").path.read_bytes()
    monkeypatch.setattr(packaging.convert, "to_litert", lambda model, samples, **precision: content)
    speed = {"n": 1, "median_ms": 1.0, "p95_ms": 1.0}
    monkeypatch.setattr(packaging, "_speed", lambda preprocessing, predict, data: speed)
    trained = packaging.TrainedVersion(
        model=SimpleNamespace(count_params=lambda: 528_266),
        preprocessing={"mean": -23.0, "std": 12.0},
        inputs=np.random.default_rng(0).normal(size=(CLIPS, 216, 1)).astype(np.float32),
        runs={"speaker": [run(clips, right=36), run(clips, right=24, seed=1)], "random": [run(clips, right=12)]},
        epochs=2,
        extra_files={"folds.npz": b"folds"},
    )
    return packaging.write(paper.RECIPE, clips, trained, Options(tmp_path, tmp_path, tmp_path, "paper-v1"))


def test_the_manifest_has_the_results_of_the_folds(written):
    artifacts.verify(written)
    manifest = written.manifest
    assert manifest.labels == LABELS
    assert manifest.input["shape"] == [1, 216, 1]
    assert manifest.figures["speaker_independent_accuracy"] == pytest.approx((0.75 + 0.5) / 2)
    assert manifest.figures["speaker_independent_seeds"] == 2
    assert manifest.figures["random_folds_accuracy"] == pytest.approx(0.25)
    assert manifest.training["epochs_on_all_clips"] == 2
    assert manifest.training["seeds"] == [0, 1]
    assert "2 of 10 random folds" in manifest.protocol


def test_the_temperature_is_fitted_on_the_validation_predictions(written):
    # Right five times in eight with a confidence of 92 %: too confident, so the temperature is above 1.
    calibration = EvaluationRecord.read(written.folder).calibration
    assert written.manifest.temperature == calibration["temperature"] > 1
    assert calibration["ece_after"] < calibration["ece_before"]


def test_extra_files_and_the_card_are_in_the_folder(written):
    assert (written.folder / "folds.npz").read_bytes() == b"folds"
    text = (written.folder / card.FILE).read_text()
    assert text == card.render(written.manifest, EvaluationRecord.read(written.folder), card.NETWORK)
    assert "In each fold 3 epochs" in text
    assert "epoch 1, 3 is measured. Shipped weights: all clips, 2 epochs." in text
    assert paper.RECIPE.limits[0] in text


def test_epochs_on_all_clips_are_the_median_of_all_folds_members_and_seeds(clips):
    runs = [
        run(clips, right=1, best_epochs=((10, 30), (20, 90))),
        run(clips, right=1, best_epochs=((50, 40), (60, 70))),
    ]
    assert packaging.final_epochs(runs) == 45


def test_without_random_folds_the_manifest_says_so(clips, written, monkeypatch, tmp_path):
    trained = packaging.TrainedVersion(
        SimpleNamespace(count_params=lambda: 1),
        {"mean": 0.0, "std": 1.0},
        np.zeros((CLIPS, 216, 1), np.float32),
        {"speaker": [run(clips, right=36)], "random": []},
        1,
        {},
    )
    other = packaging.write(
        replace(paper.RECIPE, name="Another"), clips, trained, Options(tmp_path, tmp_path, tmp_path, "other-v1")
    )
    assert "no random folds over clips (not run yet)" in other.manifest.protocol
    assert "random_folds_uar" not in other.manifest.figures
