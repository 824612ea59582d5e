"""The whole way of the speech version that is an ensemble: folds, shipped file, figures, card."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from django.core.management import call_command

from ml import artifacts
from ml.speech_emotion.features.front_ends import LOG_MEL
from ml.speech_emotion.labels import LABELS
from ml.training import card, checkpoint, convert, events
from ml.training.datasets import ravdess, speech_corpora
from ml.training.datasets.speech_corpora import NEMO, TALK
from ml.training.evaluation import EvaluationRecord
from ml.training.speech_emotion import fold_predictions, trainer
from ml.training.speech_emotion.encoder import corruptions, features, network, recipe, weights
from ml.training.speech_emotion.encoder.features import States
from ml.training.speech_emotion.ensemble import geometric_mean
from ml.training.weight_ema import WeightEMA
from tests.ml.training.speech_emotion.encoder.small import shrink, write_corpora

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

VERSION = next(version for version, made in trainer.RECIPES.items() if made is recipe.RECIPE)
MEMBERS = recipe.MEMBERS


def random_states(listed):
    """Hidden states of every clip that are made up but hold the emotion."""
    random = np.random.default_rng(0)

    def states(chosen, *before):
        found = random.normal(0, 1, (*before, len(chosen), *network.STATES_SHAPE)).astype(np.float16)
        labels = np.maximum(listed.truth[chosen], 0)
        found[..., np.arange(len(chosen)), :, labels] += 3
        return found

    measured = np.flatnonzero(listed.corpora != TALK)
    rows = np.full(len(listed.files), -1)
    rows[measured] = np.arange(len(measured))
    acted = listed.of(ravdess.RAVDESS)
    return States(
        {name: states(listed.of(name), 2) for name in (ravdess.RAVDESS, NEMO, TALK)},
        states(measured),
        rows,
        states(acted, len(corruptions.CORRUPTIONS)),
    )


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A clip of every emotion by each of 24 actors, nEMO and some talk, in one fold instead of five; a network as the
    shipped one is built, but an eighth as wide."""
    shrink(monkeypatch)
    monkeypatch.setattr(recipe, "STEPS", 1)
    monkeypatch.setattr(ravdess, "SPEAKER_FOLDS", ravdess.SPEAKER_FOLDS[:1])
    monkeypatch.setattr(speech_corpora, "NEMO_FOLDS", speech_corpora.NEMO_FOLDS[:1])
    monkeypatch.setattr(features, "load", lambda listed, work: random_states(listed))
    monkeypatch.setattr(features, "spectrogram", spectrogram)
    monkeypatch.setattr(features, "window", lambda clips, clip: sound(clip))
    mean = WeightEMA(np.zeros((1, *network.STATES_SHAPE), np.float32))
    made = replace(recipe.RECIPE, evaluation_weights=mean)
    monkeypatch.setitem(trainer.RECIPES, VERSION, made)
    monkeypatch.setitem(trainer.RECIPE_BY_FEATURES, LOG_MEL, made)
    return write_corpora(tmp_path / "data", sounds=("ravdess",))


def spectrogram(clips, clip):
    return np.random.default_rng([1, clip]).normal(0, 0.5, (300, 80)).astype(np.float32)


def sound(clip):
    return np.random.default_rng([2, clip]).normal(0, 0.05, 48_000).astype(np.float32)


def write_folds(room, key, folds, clips, *, answer):
    """Predictions of a version that gives ``answer`` whatever it hears."""
    row = np.eye(8)[LABELS.index(answer)] * 0.92 + 0.01
    for number, fold in enumerate(folds):
        folder = room / VERSION / f"{key}-seed0-fold{number}"
        (folder / "member0").mkdir(parents=True)
        np.savez(folder / "member0" / checkpoint.LAST, history=np.frombuffer(b"[]", np.uint8))
        np.savez(
            folder / fold_predictions.PREDICTIONS_FILE,
            test_index=fold.test,
            validation_index=fold.validation,
            corrupted_index=fold.test[:0],
            best_epochs=[1] * MEMBERS,
            test=np.tile(row, (MEMBERS, len(fold.test), 1)),
            validation=np.tile(row, (MEMBERS, len(fold.validation), 1)),
        )


def train(data, *arguments):
    folders = ("--output", str(data / "weights"), "--work", str(data / "work"))
    choices = ("--version", VERSION, "--data", str(data), "--epochs", "1")
    call_command("train_model", "speech_emotion", *choices, *folders, *arguments)


def member(folder, number):
    model = network.classifier(None, features.TRUNK_LAYERS)
    checkpoint.load_best(folder / f"member{number}", model)
    return model


def test_folds_and_shipped_file_are_what_the_members_say_together(data, capsys):
    clips = recipe.load(data, data)
    room = data / "work" / "speech_emotion"
    train(data, "--protocol", "speaker")
    told = [events.read(line) for line in capsys.readouterr().err.splitlines()]
    parts = [(event.part, event.epoch, event.epochs) for event in told if event is not None]
    assert parts == [(number, 1, 1) for number in range(1, MEMBERS + 1)]
    write_folds(room, "random", speech_corpora.random_folds(clips, 0)[:1], clips, answer="calm")
    write_folds(room, "corpus", speech_corpora.corpus_folds(clips, 0), clips, answer="happy")
    write_folds(room, "ravdess-only", speech_corpora.ravdess_only_folds(clips, 0), clips, answer="angry")
    train(data, "--package-only")

    (fold,) = speech_corpora.speaker_folds(clips, 0)
    prepared = recipe.PreparedStates(clips, fold.train)
    folder = room / VERSION / "speaker-seed0-fold0"
    networks = [member(folder, number) for number in range(MEMBERS)]
    acted = fold.test[clips.corpora[fold.test] == ravdess.RAVDESS]
    with np.load(folder / fold_predictions.PREDICTIONS_FILE) as arrays:
        for part, chosen in (("test", fold.test), ("validation", fold.validation)):
            probabilities = np.stack([model.predict_on_batch(prepared.inputs(chosen)) for model in networks])
            assert arrays[part].shape == (MEMBERS, len(chosen), 8)
            assert arrays[part].astype(float) == pytest.approx(probabilities, abs=2e-3)
            assert np.abs(probabilities[0] - probabilities[1]).max() > 0.005
            assert arrays[f"{part}_index"].tolist() == chosen.tolist()
        for name, inputs in prepared.corrupted(acted).items():
            probabilities = np.stack([model.predict_on_batch(inputs) for model in networks])
            assert arrays[f"corrupted {name}"].astype(float) == pytest.approx(probabilities, abs=2e-3)
        assert arrays["corrupted_index"].tolist() == acted.tolist()
        assert arrays["best_epochs"].tolist() == [1] * MEMBERS

    version = artifacts.find("speech_emotion", VERSION, weights=data / "weights")
    artifacts.verify(version)
    manifest, stored = version.manifest, EvaluationRecord.read(version.folder)
    shipped = [member(room / VERSION / fold_predictions.ALL_CLIPS_FOLDER, number) for number in range(MEMBERS)]
    trunk = network.trunk(weights.load(), features.TRUNK_LAYERS)
    some = np.stack([spectrogram(clips, clip) for clip in range(6)])
    states = trunk.predict_on_batch(some)
    expected = geometric_mean(np.stack([model.predict_on_batch(states) for model in shipped]))
    assert convert.predict_file(version.path.read_bytes(), some) == pytest.approx(expected, abs=0.05)
    assert version.path.stat().st_size < 3 * manifest.parameters  # weights of eight bits

    assert manifest.preprocessing == {"features": LOG_MEL}
    assert manifest.input["shape"] == [1, 300, 80]
    assert manifest.parameters == trunk.count_params() + sum(model.count_params() for model in shipped)
    assert manifest.training["members"] == MEMBERS
    assert manifest.training["random_folds_run"] == [1]
    assert len(manifest.neutral) == 8
    figures = {measured["key"]: measured for measured in stored.measured}
    assert stored.measured[0]["n"] == len(acted)
    assert figures["ravdess_only_speaker_independent"]["accuracy"] == pytest.approx(1 / 8, abs=1e-4)
    assert figures["nemo_left_out"]["accuracy"] == pytest.approx(1 / 6, abs=1e-4)
    assert figures["ravdess_training_data"]["n"] == len(clips.of(ravdess.RAVDESS))
    rows = [row["condition"] for row in stored.extra["robustness"][0]["rows"]]
    assert rows == ["as recorded", *corruptions.CORRUPTIONS]
    text = (version.folder / card.FILE).read_text()
    assert "In each fold 1 epochs" in text
    assert "## Ordinary talk" in text
    assert "RAVDESS, speaker-independent, trained on RAVDESS alone" in text
    assert "nEMO, left out of the training data, six emotions" in text
    assert "only 1 of the 10 folds were run" in text
    assert "ms of processor time for one example" in text

    # The predictions go with the version: its figures are computed anew from them, without the work folder.
    again = trainer.evaluate(version, data, "private", data / "elsewhere")
    assert {key: again[key] for key in ("n", "accuracy", "uar")} == {
        key: stored.measured[0][key] for key in ("n", "accuracy", "uar")
    }
    with (
        np.load(version.folder / fold_predictions.FOLDS_FILE) as kept,
        np.load(folder / fold_predictions.PREDICTIONS_FILE) as arrays,
    ):
        np.testing.assert_array_equal(kept["speaker-seed0-fold0/test"], arrays["test"])


@pytest.fixture
def run(monkeypatch):
    """Training without networks: the protocols, seeds and calls for the shipped weights that were asked for."""
    found = SimpleNamespace(protocols=[], shipped=[])
    monkeypatch.setattr(
        trainer.cross_validation,
        "run_protocol",
        lambda recipe, clips, p, o, *_: found.protocols.append((p.key, o.seed)),
    )
    monkeypatch.setattr(trainer, "_runs", lambda *_: {"speaker": [None]})
    monkeypatch.setattr(trainer.packaging, "final_epochs", lambda runs: 1)

    def train_on_all_clips(recipe, clips, epochs, options, *_):
        found.shipped.append((epochs, options.seed, options.package_only))
        return None, SimpleNamespace(preprocessing={})

    monkeypatch.setattr(trainer.cross_validation, "train_on_all_clips", train_on_all_clips)
    monkeypatch.setattr(trainer.packaging, "write", lambda *_: None)
    return found


def test_one_command_runs_every_protocol_with_all_its_seeds(data, run):
    train(data)
    assert run.protocols == [
        ("speaker", 0), ("speaker", 1), ("random", 0), ("corpus", 0), ("ravdess-only", 0), ("ravdess-only", 1),
    ]  # fmt: skip
    assert run.shipped == [(1, 0, False)]


def test_one_protocol_is_run_with_one_seed_and_nothing_ships(data, run):
    train(data, "--protocol", "corpus", "--seed", "4")
    assert (run.protocols, run.shipped) == ([("corpus", 4)], [])


def test_packaging_alone_trains_no_fold(data, run):
    train(data, "--package-only")
    assert (run.protocols, run.shipped) == ([], [(1, 0, True)])
