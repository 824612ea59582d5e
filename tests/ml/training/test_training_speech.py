"""The whole way of the speech version that judges together with another one: folds, shipped file, figures, card."""

import csv
from dataclasses import replace

import numpy as np
import pytest
import soundfile
from django.core.management import call_command

from ml import artifacts
from ml.speech_emotion import compact, compact_functionals, dataset, log_mel_functionals, protocols, training
from ml.speech_emotion.labels import LABELS
from ml.training import card, checkpoint, convert, loop
from ml.training.evaluation import Stored

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]

CONDITION = compact_functionals.CONDITIONS[0]


@pytest.fixture
def data(tmp_path, monkeypatch):
    """The list of a clip of every emotion by each of 24 actors, of which one sound alone exists: what networks read of
    them is made up, but holds the emotion."""
    (tmp_path / "ravdess").mkdir()
    soundfile.write(tmp_path / "ravdess" / "sound.flac", np.zeros(70_000), 22_050)
    with (tmp_path / "ravdess" / "labels.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, ["file", "actor", "emotion"])
        writer.writeheader()
        for actor in range(1, 25):
            writer.writerows({"file": "ravdess/sound.flac", "actor": actor, "emotion": label} for label in LABELS)
    listed = dataset.listing(tmp_path)
    random = np.random.default_rng(0)
    inputs = random.normal(0, 0.5, (len(listed.files), *log_mel_functionals.INPUT_SHAPE[1:])).astype(np.float32)
    inputs[np.arange(len(inputs)), 129, listed.truth, 0] += 3
    changed = dict.fromkeys(compact_functionals.CONDITIONS, inputs)
    clips = dataset.Clips(inputs, listed.truth, listed.actors, listed.stems, changed)
    recipe = replace(compact_functionals.RECIPE, load=lambda data, work: clips)
    monkeypatch.setitem(training.RECIPES, "compact-v2", recipe)
    return tmp_path


def write_folds(room, version, protocol, folds, *, answer):
    """Predictions of a version that gives ``answer`` whatever it hears."""
    row = np.eye(8)[LABELS.index(answer)]
    for number, fold in enumerate(folds):
        folder = room / version / f"{protocol}-seed0-fold{number}"
        folder.mkdir(parents=True)
        rows = {"test": fold.test, "validation": fold.validation, f"changed {CONDITION}": fold.test}
        np.savez(
            folder / protocols.PREDICTIONS,
            test_index=fold.test,
            validation_index=fold.validation,
            best_epoch=1,
            **{name: np.tile(row, (len(index), 1)) for name, index in rows.items()},
        )


def train(data, *arguments):
    folders = ("--output", str(data / "weights"), "--work", str(data / "work"))
    choices = ("--version", "compact-v2", "--data", str(data), "--epochs", "2")
    call_command("train_model", "speech_emotion", *choices, *folders, *arguments)


def mean(own, partners, weight):
    """The geometric mean of both."""
    found = (own + 1e-6) ** (1 - weight) * (partners + 1e-6) ** weight
    return found / found.sum(axis=1, keepdims=True)


def test_without_its_partner_nothing_is_trained(data, capsys):
    with pytest.raises(SystemExit):
        train(data, "--protocol", "speaker")
    error = capsys.readouterr().err.strip()
    assert "together with compact-v1's network" in error
    assert len(error.splitlines()) == 1
    assert not (data / "work" / "speech_emotion" / "compact-v2").exists()


def test_folds_and_shipped_file_are_the_mean_of_both_networks(data):
    clips = training.RECIPES["compact-v2"].load(data, data)
    room = data / "work" / "speech_emotion"
    write_folds(room, "compact-v1", "speaker", dataset.speaker_folds(clips), answer="disgust")
    partner = compact.RECIPE.build()
    checkpoint.save_best(room / "compact-v1" / protocols.ALL_ACTORS, partner)
    train(data, "--protocol", "speaker")
    write_folds(room, "compact-v2", "random", dataset.random_folds(clips, 0)[:1], answer="calm")
    train(data, "--package-only")

    folder = room / "compact-v2"
    own = compact_functionals.RECIPE.build()
    checkpoint.load_best(folder / "speaker-seed0-fold0", own)
    weight = compact_functionals.PARTNERS_WEIGHT
    with np.load(folder / "speaker-seed0-fold0" / protocols.PREDICTIONS) as arrays:
        answer = np.eye(8)[LABELS.index("disgust")]
        expected = mean(loop.predict(own, clips.features[arrays["test_index"]]), answer, weight)
        assert arrays["test"] == pytest.approx(expected, abs=1e-4)
        assert set(arrays.files) == {
            "test", "validation", f"changed {CONDITION}", "test_index", "validation_index", "best_epoch",
        }  # fmt: skip

    version = artifacts.find("speech_emotion", "compact-v2", weights=data / "weights")
    artifacts.verify(version)
    checkpoint.load_best(folder / protocols.ALL_ACTORS, own)
    some = clips.features[:6]
    expected = mean(loop.predict(own, some), loop.predict(partner, some[:, :129]), weight)
    served = convert.predict_file(version.path.read_bytes(), some)
    assert served == pytest.approx(expected, abs=0.01)

    manifest, stored = version.manifest, Stored.read(version.folder)
    assert manifest.preprocessing == {"features": "log_mel_functionals"}
    assert manifest.parameters == own.count_params() + partner.count_params()
    assert manifest.training["random_folds_run"] == [1]
    assert stored.measured[0]["n"] == len(clips.truth)
    assert [row["condition"] for row in stored.extra["robustness"][0]["rows"]] == ["as recorded", CONDITION]
    text = (version.folder / card.FILE).read_text()
    assert "compact-v1" in text
    assert "ms of processor time for one example" in text
