"""Folds read back and pooled; what evaluate_model says of a network that has heard every clip."""

from dataclasses import replace

import numpy as np
import pytest

from ml import artifacts
from ml.speech_emotion import mean_mfcc, paper, protocols, training
from ml.speech_emotion.dataset import Clips
from ml.training import checkpoint
from ml.training.checkpoint import EpochRecord
from ml.training.errors import TrainingError

NETWORK = "pictures"


@pytest.fixture
def clips():
    random = np.random.default_rng(0)
    truth = np.arange(48) % 8
    features = random.normal(-30, 10, size=(48, len(mean_mfcc.STARTS_S), 216)).astype(np.float32)
    return Clips(features, truth, np.repeat([1, 2, 3], 16), tuple(f"clip-{n}" for n in range(48)))


def write_fold(folder, clips, test, *, right, best_epoch):
    """Predictions of a fold in which the clips of ``right`` are recognised and the others taken for the next label."""
    folder.mkdir(parents=True)
    validation = np.arange(4)
    predicted = np.where(np.isin(test, right), clips.truth[test], (clips.truth[test] + 1) % 8)
    np.savez(
        folder / protocols.PREDICTIONS,
        test=np.eye(8)[predicted][np.newaxis] * 0.92 + 0.01,
        validation=np.full((1, 4, 8), 1 / 8),
        test_index=test,
        validation_index=validation,
        best_epochs=np.array([best_epoch]),
    )
    history = [EpochRecord(n, 2.0, 0.25 * n, 2.0, 0.1 * n, 0.1, 1e-3, 1.0) for n in (1, 2)]
    (folder / NETWORK).mkdir()
    np.savez(folder / NETWORK / checkpoint.LAST, history=np.frombuffer(str_of(history), dtype=np.uint8))


def str_of(history):
    import dataclasses
    import json

    return json.dumps([dataclasses.asdict(record) for record in history]).encode()


def test_folds_are_pooled_over_all_clips(tmp_path, clips):
    write_fold(tmp_path / "speaker-seed0-fold0", clips, np.arange(24), right=np.arange(24), best_epoch=10)
    write_fold(tmp_path / "speaker-seed0-fold1", clips, np.arange(24, 48), right=[], best_epoch=30)
    (run,) = protocols.read(clips, tmp_path, "speaker", 2)
    assert run.test.scores.n == 48
    assert run.test.scores.uar == pytest.approx(0.5)
    assert run.best_epochs == ((10,), (30,))
    assert [r.accuracy for r in run.histories[NETWORK]] == [0.25, 0.5]


def test_predictions_under_conditions_are_pooled_beside_the_others(tmp_path, clips):
    for fold, chosen in enumerate(np.split(np.arange(48), 2)):
        folder = tmp_path / f"speaker-seed0-fold{fold}"
        write_fold(folder, clips, chosen, right=chosen, best_epoch=1)
        with np.load(folder / protocols.PREDICTIONS) as arrays:
            found = dict(arrays)
        np.savez(folder / protocols.PREDICTIONS, **found, **{"changed telephone": np.roll(found["test"], 1, axis=2)})
    (run,) = protocols.read(clips, tmp_path, "speaker", 2)
    assert run.test.scores.accuracy == 1
    assert run.changed["telephone"].scores.accuracy == 0


def test_a_folds_shares_are_fitted_without_the_clips_it_is_tested_on(tmp_path, clips):
    """Of two networks the first knows the clips of the first fold's test set, which the second fold validates on, and
    the second one all others: whoever is tested on clips does not learn from them who is right about these."""
    answers = np.eye(8)[clips.truth] * 0.92 + 0.01
    wrong = np.roll(answers, 1, axis=1)
    first, second = np.arange(24), np.arange(24, 48)
    for number, (test, validation) in enumerate(((first, second), (second, first))):
        said = {
            "test": np.stack([answers[test], wrong[test]] if number == 0 else [wrong[test], answers[test]]),
            "validation": np.stack(
                [answers[validation], wrong[validation]] if number else [wrong[validation], answers[validation]]
            ),
        }
        folder = tmp_path / f"speaker-seed0-fold{number}"
        folder.mkdir()
        np.savez(
            folder / protocols.PREDICTIONS,
            test_index=test,
            validation_index=validation,
            best_epochs=np.array([1, 1]),
            **said,
        )
    (run,) = protocols.read(clips, tmp_path, "speaker", 2)
    assert [shares.index(max(shares)) for shares in run.shares] == [1, 0]
    assert run.test.scores.accuracy == 0
    assert run.validation.scores.accuracy == 1


def test_an_unfinished_speaker_run_does_not_count(tmp_path, clips):
    write_fold(tmp_path / "speaker-seed0-fold0", clips, np.arange(24), right=[], best_epoch=10)
    with pytest.raises(TrainingError, match="No run of the protocol 'speaker' is complete"):
        protocols.read(clips, tmp_path, "speaker", 2)


def test_some_of_the_random_folds_count_and_say_how_many(tmp_path, clips):
    write_fold(tmp_path / "random-seed0-fold0", clips, np.arange(24), right=[], best_epoch=10)
    (run,) = protocols.read(clips, tmp_path, "random", 10, partial=True)
    assert run.folds == 1
    assert run.test.scores.n == 24


def test_folds_kept_with_a_version_are_read_elsewhere_as_they_were(tmp_path, clips):
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    for fold, chosen in enumerate(np.split(np.arange(48), 2)):
        write_fold(here / f"speaker-seed1-fold{fold}", clips, chosen, right=np.arange(30), best_epoch=7 + fold)
    kept = tmp_path / protocols.KEPT
    kept.write_bytes(protocols.pack(here))
    protocols.restore(kept, elsewhere)
    (before,), (after,) = (protocols.read(clips, folder, "speaker", 2) for folder in (here, elsewhere))
    assert after.best_epochs == ((7,), (8,))
    assert after.histories == before.histories != {}
    np.testing.assert_array_equal(after.test.probabilities, before.test.probabilities)


def test_folds_trained_here_win_over_kept_ones(tmp_path, clips):
    here, kept = tmp_path / "here", tmp_path / protocols.KEPT
    write_fold(tmp_path / "old" / "speaker-seed0-fold0", clips, np.arange(48), right=[], best_epoch=1)
    kept.write_bytes(protocols.pack(tmp_path / "old"))
    write_fold(here / "speaker-seed0-fold0", clips, np.arange(48), right=[], best_epoch=2)
    protocols.restore(kept, here)
    assert protocols.read(clips, here, "speaker", 1)[0].best_epochs == ((2,),)


def test_seeds_are_kept_apart(tmp_path, clips):
    for seed in (0, 2):
        write_fold(tmp_path / f"speaker-seed{seed}-fold0", clips, np.arange(48), right=[], best_epoch=seed)
    assert [run.seed for run in protocols.read(clips, tmp_path, "speaker", 1)] == [0, 2]


def test_figures_on_clips_the_network_was_trained_on_say_so(monkeypatch, tmp_path, clips):
    monkeypatch.setitem(vars(training), "_recipe_of", lambda artifact: replace(paper.RECIPE, load=lambda *_: clips))
    artifact = artifacts.find("speech_emotion", "paper-v1")
    seen = training.evaluate(artifact, tmp_path, "train", tmp_path)
    assert seen["n"] == 48
    assert "training data" in seen["title"]
    assert "says nothing about new voices" in seen["note"]


def test_the_test_split_is_computed_from_the_folds_that_are_kept(monkeypatch, tmp_path, clips):
    monkeypatch.setitem(vars(training), "_recipe_of", lambda artifact: replace(paper.RECIPE, load=lambda *_: clips))
    monkeypatch.setattr(training.dataset, "listing", lambda data: clips)
    for protocol, folds in (("speaker", 5), ("random", 1)):
        for fold, chosen in enumerate(np.array_split(np.arange(48), folds)):
            folder = tmp_path / "version" / f"{protocol}-seed0-fold{fold}"
            write_fold(folder, clips, chosen, right=np.arange(36), best_epoch=1)
    (tmp_path / protocols.KEPT).write_bytes(protocols.pack(tmp_path / "version"))
    artifact = replace(artifacts.find("speech_emotion", "paper-v1"), folder=tmp_path)
    monkeypatch.setitem(vars(training), "_predict", lambda *_: np.eye(8)[clips.truth])
    result = training.evaluate(artifact, tmp_path, "private", tmp_path)
    assert "out-of-fold" in result["title"]
    assert result["n"] == 48
    assert result["accuracy"] == pytest.approx(0.75)
    assert result["training_data"]["accuracy"] == 1
