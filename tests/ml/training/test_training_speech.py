"""The whole way of the speech version that is several networks: folds, shipped file, figures, card."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from django.core.management import call_command

from ml import artifacts
from ml.speech_emotion import dataset, functionals, protocols, training
from ml.speech_emotion.compact import frames, members, recipe
from ml.speech_emotion.compact.windows import Heard, HeardClips
from ml.speech_emotion.labels import LABELS
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
    numbers = random.normal(0, 0.5, (count, functionals.COUNT)).astype(np.float32)
    numbers[np.arange(count), listed.truth] += 3
    heard = Heard(stored, numbers)
    changed = dict.fromkeys(members.CONDITIONS, heard)
    manner = np.ones((count, 2), np.float32)
    clips = HeardClips(heard, listed.truth, listed.actors, listed.stems, changed, manner)
    # Two of the networks, one of each kind of batches: the third would take time and show nothing else.
    chosen = (members.CONTOURS, members.NUMBERS)
    monkeypatch.setattr(recipe, "MEMBERS", chosen)
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
            **{name: np.tile(row, (len(index), 1)) for name, index in rows.items()},
        )


def train(data, *arguments):
    folders = ("--output", str(data / "weights"), "--work", str(data / "work"))
    choices = ("--version", VERSION, "--data", str(data), "--epochs", "1")
    call_command("train_model", "speech_emotion", *choices, *folders, *arguments)


def mean(*said):
    """The geometric mean of probabilities."""
    found = np.exp(np.mean([np.log(probabilities + 1e-6) for probabilities in said], axis=0))
    return found / found.sum(axis=1, keepdims=True)


def networks(folder):
    """What was trained in a folder, with the rows that each sees."""
    for member in (members.CONTOURS, members.NUMBERS):
        model = member.build()
        checkpoint.load_best(folder / member.name, model)
        yield model, member.rows


def predicted(folder, inputs):
    return mean(*(loop.predict(model, inputs[:, rows])[:, :8] for model, rows in networks(folder)))


def test_folds_and_shipped_file_are_the_mean_of_the_networks(data):
    clips = training.RECIPES[VERSION].load(data, data)
    room = data / "work" / "speech_emotion"
    train(data, "--protocol", "speaker")
    write_folds(room, "random", dataset.random_folds(clips, 0)[:1], answer="calm")
    train(data, "--package-only")

    folder = room / VERSION
    with np.load(folder / "speaker-seed0-fold0" / protocols.PREDICTIONS) as arrays:
        expected = predicted(folder / "speaker-seed0-fold0", clips.features.inputs(arrays["test_index"]))
        assert arrays["test"] == pytest.approx(expected, abs=1e-4)
        changed = {f"changed {name}" for name in members.CONDITIONS}
        assert set(arrays.files) == {"test", "validation", "test_index", "validation_index", "best_epochs", *changed}

    version = artifacts.find("speech_emotion", VERSION, weights=data / "weights")
    artifacts.verify(version)
    some = clips.features.inputs(np.arange(6))
    served = convert.predict_file(version.path.read_bytes(), some)
    assert served == pytest.approx(predicted(folder / protocols.ALL_ACTORS, some), abs=0.01)

    manifest, stored = version.manifest, Stored.read(version.folder)
    assert manifest.preprocessing == {"features": "log_mel_voice"}
    assert manifest.parameters == sum(model.count_params() for model, _ in networks(folder / protocols.ALL_ACTORS))
    assert [network["name"] for network in manifest.training["networks"]] == ["contours", "numbers"]
    assert manifest.training["random_folds_run"] == [1]
    assert stored.measured[0]["n"] == len(clips.truth)
    assert [row["condition"] for row in stored.extra["robustness"][0]["rows"]] == ["as recorded", *members.CONDITIONS]
    text = (version.folder / card.FILE).read_text()
    assert "Numbers: in each fold 1 epochs" in text
    assert "ms of processor time for one example" in text


def test_one_command_runs_both_protocols_with_all_their_seeds(data, monkeypatch):
    run = []
    monkeypatch.setattr(training, "run_protocol", lambda recipe, clips, protocol, o: run.append((protocol, o.seed)))
    monkeypatch.setattr(training.protocols, "read", lambda *_, **__: [])
    monkeypatch.setattr(training.packaging, "final_epochs", lambda runs: [1, 1])
    monkeypatch.setattr(training, "train_on_all", lambda *_: (None, None))
    monkeypatch.setattr(training.packaging, "write", lambda *_, **__: None)
    train(data)
    assert run == [("speaker", 0), ("speaker", 1), ("speaker", 2), ("random", 0)]
    run.clear()
    train(data, "--protocol", "random", "--seed", "4")
    assert run == [("random", 4)]
