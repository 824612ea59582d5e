"""The whole way of the speech version that is several networks: folds, shipped file, figures, card."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from django.core.management import call_command

from ml import artifacts
from ml.speech_emotion import dataset, fitting, protocols, shares, training, voice_window
from ml.speech_emotion import network as networks
from ml.speech_emotion.compact import frames, members, recipe
from ml.speech_emotion.compact.windows import Heard, HeardClips
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.log_mel import MELS
from ml.training import card, checkpoint, convert, loop
from ml.training.evaluation import Stored

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

VERSION = "compact-v3"


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The list of a clip of every emotion by each of 24 actors, of which one sound alone exists: what networks read of
    them is made up, but the numbers hold the emotion."""
    (tmp_path / "ravdess").mkdir()
    soundfile.write(tmp_path / "ravdess" / "sound.flac", np.zeros(70_000), 22_050)
    with (tmp_path / "ravdess" / "labels.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "actor", "emotion"])
        writer.writeheader()
        for actor in range(1, 25):
            writer.writerows({"file": "ravdess/sound.flac", "actor": actor, "emotion": label} for label in LABELS)
    listed = dataset.listing(tmp_path)
    random = np.random.default_rng(0)
    count = len(listed.files)
    stored = random.normal(-60, 10, (count, frames.STORED, frames.COLUMNS)).astype(np.float16)
    stored[..., -3:] = [150, 0.9, -30]
    numbers = random.normal(0, 0.5, (count, voice_window.ROWS - voice_window.NUMBERS.start, MELS, 1))
    numbers[np.arange(count), :, listed.truth] += 3
    heard = Heard(stored, numbers.astype(np.float32))
    changed = dict.fromkeys(members.CONDITIONS, heard)
    manner = np.ones((count, 2), np.float32)
    clips = HeardClips(heard, listed.truth, listed.actors, listed.stems, changed, manner)
    # One of each kind of network and of batches: the others would take time and show nothing else.
    chosen = (members.NUMBERS, members.FAMILIAR, members.COMPARISON)
    monkeypatch.setattr(recipe, "MEMBERS", chosen)
    monkeypatch.setattr(dataset, "SPEAKER_FOLDS", dataset.SPEAKER_FOLDS[:2])
    made = replace(recipe.RECIPE, load=lambda data, work: clips, members=chosen)
    monkeypatch.setitem(training.RECIPES, VERSION, made)
    return tmp_path


def write_folds(room, protocol, folds, *, answer):
    """Predictions of a version that gives ``answer`` whatever it hears."""
    row = np.eye(8)[LABELS.index(answer)]
    for number, fold in enumerate(folds):
        folder = room / VERSION / f"{protocol}-seed0-fold{number}"
        folder.mkdir(parents=True)
        rows = {
            "test": fold.test,
            "validation": fold.validation,
            **dict.fromkeys((f"changed {name}" for name in members.CONDITIONS), fold.test),
        }
        np.savez(
            folder / protocols.PREDICTIONS,
            test_index=fold.test,
            validation_index=fold.validation,
            best_epochs=[1, 1],
            **{name: np.tile(row, (3, len(index), 1)) for name, index in rows.items()},
        )


def train(data, *arguments):
    folders = ("--output", str(data / "weights"), "--work", str(data / "work"))
    choices = ("--version", VERSION, "--data", str(data), "--epochs", "1")
    call_command("train_model", "speech_emotion", *choices, *folders, *arguments)


def network(folder, member):
    model = member.build()
    checkpoint.load_best(folder / member.name, model)
    return model


def said(models, inputs):
    """What the three networks say, (3, n, 8)."""
    rows = (members.NUMBERS.rows, members.FAMILIAR.rows, members.COMPARISON.rows)
    found = [loop.predict(model, inputs[:, seen])[:, :8] for model, seen in zip(models, rows, strict=True)]
    return np.stack(found)


def test_folds_and_shipped_file_are_what_the_networks_say_together(data):
    clips = training.RECIPES[VERSION].load(data, data)
    room = data / "work" / "speech_emotion"
    train(data, "--protocol", "speaker")
    write_folds(room, "random", dataset.random_folds(clips, 0)[:1], answer="calm")
    train(data, "--package-only")

    fold, prepared = dataset.speaker_folds(clips)[0], recipe.RECIPE.prepare(clips, None)
    folder = room / VERSION / "speaker-seed0-fold0"
    heard = np.concatenate([fold.train, fold.validation])
    numbers, familiar = network(folder, members.NUMBERS), network(folder, members.FAMILIAR)
    again = network(folder / fitting.AGAIN, members.FAMILIAR)
    known, all_known = (members.COMPARISON.solve(prepared, chosen) for chosen in (fold.train, heard))
    with np.load(folder / protocols.PREDICTIONS) as arrays:
        # What was kept for the shares is judged by networks that have not heard it, the test clips by those that have.
        validation = said((numbers, familiar, known), prepared.inputs(fold.validation))
        assert arrays["validation"].astype(float) == pytest.approx(validation, abs=1e-3)
        test = said((numbers, again, all_known), prepared.inputs(fold.test))
        assert arrays["test"].astype(float) == pytest.approx(test, abs=1e-3)
        others = said((numbers, familiar, known), prepared.inputs(fold.test))
        assert np.abs(others - test).max(axis=(1, 2))[1:].min() > 0.005
        changed = {f"changed {name}" for name in members.CONDITIONS}
        assert set(arrays.files) == {"test", "validation", "test_index", "validation_index", "best_epochs", *changed}
        assert arrays["best_epochs"].tolist() == [1, 1]

    version = artifacts.find("speech_emotion", VERSION, weights=data / "weights")
    artifacts.verify(version)
    manifest, stored = version.manifest, Stored.read(version.folder)
    everyone = room / VERSION / protocols.ALL_ACTORS
    shipped = (
        network(everyone, members.NUMBERS),
        network(everyone, members.FAMILIAR),
        members.COMPARISON.solve(prepared, np.arange(len(clips.truth))),
    )
    some = clips.features.inputs(np.arange(6))
    expected = shares.mixed(said(shipped, some), tuple(manifest.training["shares"].values()))
    assert convert.predict_file(version.path.read_bytes(), some) == pytest.approx(expected, abs=0.01)

    assert manifest.preprocessing == {"features": "log_mel_voice"}
    assert manifest.parameters == sum(model.count_params() for model in shipped)
    assert [network["name"] for network in manifest.training["networks"]] == ["numbers", "familiar"]
    assert list(manifest.training["shares"]) == ["numbers", "familiar", "comparison"]
    assert manifest.training["random_folds_run"] == [1]
    tested = sum(len(fold.test) for fold in dataset.speaker_folds(clips))
    assert stored.measured[0]["n"] == tested
    assert [row["condition"] for row in stored.extra["robustness"][0]["rows"]] == ["as recorded", *members.CONDITIONS]
    text = (version.folder / card.FILE).read_text()
    assert "Numbers: in each fold 1 epochs" in text
    assert "each raised to its network's share" in text
    assert "ms of processor time for one example" in text


def test_all_networks_of_the_version_go_into_one(data):
    clips = training.RECIPES[VERSION].load(data, data)
    prepared, some = recipe.PreparedWindows(clips, np.arange(16)), np.arange(16)
    five = (members.PICTURES, members.CONTOURS, members.NUMBERS, members.FAMILIAR, members.COMPARISON)
    made = [m.solve(prepared, some) if m is members.COMPARISON else m.build() for m in five]
    said = [loop.predict(model, prepared.inputs(some)[:, m.rows])[:, :8] for m, model in zip(five, made, strict=True)]
    parts = (0.1, 0.2, 0.3, 0.4, 0.5)
    joined = networks.together([(model, m.rows, share) for m, model, share in zip(five, made, parts, strict=True)])
    assert loop.predict(joined, prepared.inputs(some)) == pytest.approx(shares.mixed(np.stack(said), parts), abs=1e-4)


def test_one_command_runs_both_protocols_with_all_their_seeds(data, monkeypatch):
    run = []
    monkeypatch.setattr(training, "run_protocol", lambda recipe, clips, protocol, o: run.append((protocol, o.seed)))
    monkeypatch.setattr(training.protocols, "read", lambda *_, **__: [])
    monkeypatch.setattr(training.packaging, "final_epochs", lambda runs: [1, 1])
    monkeypatch.setattr(training.packaging, "final_shares", lambda runs: [1.0])
    monkeypatch.setattr(training, "make_on_all", lambda *_: (None, None))
    monkeypatch.setattr(training.packaging, "write", lambda *_, **__: None)
    train(data)
    assert run == [("speaker", 0), ("speaker", 1), ("speaker", 2), ("random", 0)]
    run.clear()
    train(data, "--protocol", "random", "--seed", "4")
    assert run == [("random", 4)]
