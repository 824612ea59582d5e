"""Folds read back and pooled; what evaluate_model says of a network that has some every clip."""

import dataclasses
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ml import artifacts
from ml.training import checkpoint
from ml.training.checkpoint import EpochRecord
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Clips, Fold
from ml.training.errors import TrainingError
from ml.training.speech_emotion import fold_predictions, mean_mfcc, paper, trainer
from ml.training.speech_emotion.ensemble import geometric_mean
from ml.training.speech_emotion.recipe import Protocol

MEMBER = "member0"


def protocol(folds, *, key="speaker", partial=False):
    nobody = np.zeros(0, np.int64)
    return Protocol(key, lambda clips, seed: [Fold(nobody, nobody, nobody)] * folds, seeds=1, partial=partial)


@pytest.fixture
def clips():
    random = np.random.default_rng(0)
    truth = np.arange(48) % 8
    return Clips(
        files=tuple(Path(f"{n}.flac") for n in range(48)),
        truth=truth,
        speakers=np.repeat([1, 2, 3], 16),
        stems=tuple(f"clip-{n}" for n in range(48)),
        corpora=np.full(48, RAVDESS),
        features=random.normal(-30, 10, size=(48, len(mean_mfcc.STARTS_S), 216)).astype(np.float32),
    )


def write_fold(folder, clips, test, *, right, best_epoch, probabilities=None, **more):
    """Predictions of a fold in which the clips of ``right`` are recognised and the others taken for the next label."""
    folder.mkdir(parents=True)
    validation = np.arange(4)
    predicted = np.where(np.isin(test, right), clips.truth[test], (clips.truth[test] + 1) % 8)
    parts = {
        "test": np.eye(8)[predicted][np.newaxis] * 0.92 + 0.01 if probabilities is None else probabilities,
        "validation": np.full((1, 4, 8), 1 / 8),
        "test_index": test,
        "validation_index": validation,
        "corrupted_index": test,
        "best_epochs": np.array([best_epoch]),
    }
    np.savez(folder / fold_predictions.PREDICTIONS_FILE, **parts | more)
    history = [EpochRecord(n, 2.0, 0.25 * n, 2.0, 0.1 * n, 0.1, 1e-3, 1.0) for n in (1, 2)]
    (folder / MEMBER).mkdir()
    rows = json.dumps([dataclasses.asdict(record) for record in history]).encode()
    np.savez(folder / MEMBER / checkpoint.LAST, history=np.frombuffer(rows, dtype=np.uint8))


def test_folds_are_pooled_over_all_clips(tmp_path, clips):
    write_fold(tmp_path / "speaker-seed0-fold0", clips, np.arange(24), right=np.arange(24), best_epoch=10)
    write_fold(tmp_path / "speaker-seed0-fold1", clips, np.arange(24, 48), right=[], best_epoch=30)
    (run,) = fold_predictions.read(clips, tmp_path, protocol(2))
    assert run.test.scores.n == 48
    assert run.test.scores.uar == pytest.approx(0.5)
    assert run.best_epochs == ((10,), (30,))
    assert [r.accuracy for r in run.history] == [0.25, 0.5]
    assert run.corrupted == {}


def test_members_of_an_ensemble_count_as_their_geometric_mean(tmp_path, clips):
    probabilities = np.random.default_rng(0).dirichlet(np.ones(8), (2, 48)).astype(np.float32)
    write_fold(
        tmp_path / "speaker-seed0-fold0", clips, np.arange(48), right=[], best_epoch=1, probabilities=probabilities
    )
    (run,) = fold_predictions.read(clips, tmp_path, protocol(1))
    assert run.test.probabilities == pytest.approx(geometric_mean(probabilities), abs=1e-6)


def test_predictions_under_corruptions_are_pooled_beside_the_others(tmp_path, clips):
    for fold, test in enumerate(np.split(np.arange(48), 2)):
        some = test[::2]
        wrong = np.eye(8)[(clips.truth[some] + 1) % 8][np.newaxis]
        corrupted = {"corrupted telephone": wrong, "corrupted_index": some}
        write_fold(tmp_path / f"speaker-seed0-fold{fold}", clips, test, right=test, best_epoch=1, **corrupted)
    (run,) = fold_predictions.read(clips, tmp_path, protocol(2))
    assert run.test.scores.accuracy == 1
    assert run.corrupted["telephone"].scores.accuracy == 0
    assert run.corrupted["telephone"].index.tolist() == list(range(0, 48, 2))


def test_a_part_of_the_predictions_can_be_looked_at_alone(tmp_path, clips):
    write_fold(tmp_path / "speaker-seed0-fold0", clips, np.arange(47, -1, -1), right=np.arange(8), best_epoch=1)
    (run,) = fold_predictions.read(clips, tmp_path, protocol(1))
    part = run.test.of(np.arange(16))
    assert part.index.tolist() == list(range(15, -1, -1))
    assert part.truth.tolist() == clips.truth[part.index].tolist()
    assert part.scores.accuracy == 0.5


def test_an_unfinished_run_does_not_count(tmp_path, clips):
    write_fold(tmp_path / "speaker-seed0-fold0", clips, np.arange(24), right=[], best_epoch=10)
    (tmp_path / "speaker-seed0-fold1").mkdir()
    assert fold_predictions.read(clips, tmp_path, protocol(2)) == []


def test_some_of_the_random_folds_count_and_say_how_many(tmp_path, clips):
    write_fold(tmp_path / "random-seed0-fold0", clips, np.arange(24), right=[], best_epoch=10)
    (run,) = fold_predictions.read(clips, tmp_path, protocol(10, key="random", partial=True))
    assert run.folds == 1
    assert run.test.scores.n == 24


def test_folds_kept_with_a_version_are_read_elsewhere_as_they_were(tmp_path, clips):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for fold, chosen in enumerate(np.split(np.arange(48), 2)):
        write_fold(here / f"speaker-seed1-fold{fold}", clips, chosen, right=np.arange(30), best_epoch=7 + fold)
    kept = tmp_path / fold_predictions.FOLDS_FILE
    kept.write_bytes(fold_predictions.pack(here))
    fold_predictions.restore(kept, elsewhere)
    (before,), (after,) = (fold_predictions.read(clips, folder, protocol(2)) for folder in (here, elsewhere))
    assert after.best_epochs == ((7,), (8,))
    assert after.history == before.history != ()
    np.testing.assert_array_equal(after.test.probabilities, before.test.probabilities)


def test_folds_trained_here_win_over_kept_ones(tmp_path, clips):
    here, kept = tmp_path / "here", tmp_path / fold_predictions.FOLDS_FILE
    write_fold(tmp_path / "old" / "speaker-seed0-fold0", clips, np.arange(48), right=[], best_epoch=1)
    kept.write_bytes(fold_predictions.pack(tmp_path / "old"))
    write_fold(here / "speaker-seed0-fold0", clips, np.arange(48), right=[], best_epoch=2)
    fold_predictions.restore(kept, here)
    assert fold_predictions.read(clips, here, protocol(1))[0].best_epochs == ((2,),)


def test_seeds_and_protocols_are_kept_apart(tmp_path, clips):
    for seed in (0, 2):
        write_fold(tmp_path / f"speaker-seed{seed}-fold0", clips, np.arange(48), right=[], best_epoch=seed)
    write_fold(tmp_path / "speaker-only-seed5-fold0", clips, np.arange(48), right=[], best_epoch=5)
    assert [run.seed for run in fold_predictions.read(clips, tmp_path, protocol(1))] == [0, 2]
    assert [run.seed for run in fold_predictions.read(clips, tmp_path, protocol(1, key="speaker-only"))] == [5]


@pytest.fixture
def recipe(monkeypatch, clips):
    """The recipe of every version, in which the clips are these and the folds are as many as are written."""
    made = replace(
        paper.RECIPE,
        listing=lambda data: clips,
        load=lambda *_: clips,
        protocols=(protocol(5), protocol(10, key="random", partial=True)),
    )
    monkeypatch.setattr(trainer, "RECIPE_BY_FEATURES", dict.fromkeys(trainer.RECIPE_BY_FEATURES, made))
    return made


def test_figures_on_clips_the_network_was_trained_on_say_so(tmp_path, recipe):
    artifact = artifacts.find("speech_emotion", "paper-v1")
    seen = trainer.evaluate(artifact, tmp_path, "train", tmp_path)
    assert seen["n"] == 48
    assert "training data" in seen["title"]
    assert "says nothing about new voices" in seen["note"]


def test_the_test_split_is_computed_from_the_folds_that_are_kept(monkeypatch, tmp_path, clips, recipe):
    for name, folds in (("speaker", 5), ("random", 1)):
        for fold, chosen in enumerate(np.array_split(np.arange(48), folds)):
            folder = tmp_path / "version" / f"{name}-seed0-fold{fold}"
            write_fold(folder, clips, chosen, right=np.arange(36), best_epoch=1)
    (tmp_path / fold_predictions.FOLDS_FILE).write_bytes(fold_predictions.pack(tmp_path / "version"))
    artifact = replace(artifacts.find("speech_emotion", "paper-v1"), folder=tmp_path)
    monkeypatch.setattr(trainer, "_predict", lambda *_: np.eye(8)[clips.truth])
    result = trainer.evaluate(artifact, tmp_path, "private", tmp_path)
    assert "out-of-fold" in result["title"]
    assert result["n"] == 48
    assert result["accuracy"] == pytest.approx(0.75)
    assert result["training_data"]["accuracy"] == 1
    assert len(trainer.neutral(artifact, tmp_path, tmp_path)) == 5


def test_a_version_without_folds_is_measured_on_ravdess_alone(monkeypatch, tmp_path, clips, recipe):
    """Somebody's own file, read by a recipe that knows other corpora too."""
    more = replace(
        clips,
        truth=np.concatenate([clips.truth, [-1, 3]]),
        corpora=np.concatenate([clips.corpora, ["talk", "other"]]),
    )
    made = replace(recipe, load=lambda *_: more, listing=lambda data: more)
    monkeypatch.setattr(trainer, "RECIPE_BY_FEATURES", dict.fromkeys(trainer.RECIPE_BY_FEATURES, made))
    monkeypatch.setattr(trainer, "_predict", lambda *_: np.eye(8)[clips.truth])
    artifact = replace(artifacts.find("speech_emotion", "paper-v1"), folder=tmp_path)
    result = trainer.evaluate(artifact, tmp_path, "private", tmp_path)
    assert (result["n"], result["accuracy"]) == (48, 1)
    assert "perhaps training data" in result["title"]
    assert sum(share for share, _, _ in result["reliability"]) == pytest.approx(1)
    assert trainer.neutral(artifact, tmp_path, tmp_path).shape == (0, 8)


def test_without_a_complete_speaker_run_nothing_is_packaged(monkeypatch, tmp_path, recipe):
    monkeypatch.setitem(trainer.RECIPES, "paper-v1", recipe)
    options = trainer.Options(tmp_path, tmp_path, tmp_path, "paper-v1", package_only=True)
    with pytest.raises(TrainingError, match="No run of the protocol 'speaker' is complete"):
        trainer.train(options)
