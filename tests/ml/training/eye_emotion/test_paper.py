"""The paper's eye network from a folder in the DIU layout to a version: with a small stand-in for its backbones, whose
ImageNet weights are not on this machine. These tests import TensorFlow."""

import json

import cv2
import numpy as np
import pytest
from django.core.management import call_command

from ml import artifacts
from ml.eye_emotion.recognizer import Recognizer
from ml.training import card
from ml.training.backend import keras
from ml.training.datasets import diu
from ml.training.evaluation import EvaluationRecord
from ml.training.eye_emotion import backbones, paper

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture
def data(tmp_path):
    random = np.random.default_rng(0)
    for split, each in (("train", 4), ("test", 2)):
        for name in diu.FOLDERS:
            folder = tmp_path / "diu" / split / name
            folder.mkdir(parents=True)
            for number in range(each):
                picture = random.integers(0, 256, (30, 70, 3), dtype=np.uint8)
                cv2.imwrite(str(folder / f"{number}.png"), picture)
    for name in backbones.WEIGHT_FILES.values():
        (tmp_path / name).write_bytes(b"weights of " + name.encode())
    return tmp_path


@pytest.fixture
def bodies(monkeypatch):
    """A random network of the backbones' input and output in their place; the list counts how often it was built and
    how many pictures it was shown."""
    shown = []

    def build(weights):
        assert set(weights) == set(backbones.WEIGHT_FILES)
        k = keras()
        pictures = k.Input((diu.SIDE, diu.SIDE, 3))
        x = k.layers.AveragePooling2D(70)(pictures)
        return k.Model(pictures, k.layers.Dense(4096)(k.layers.Flatten()(k.layers.Rescaling(1 / 255)(x))))

    real = backbones.extract
    monkeypatch.setattr(backbones, "build", build)
    monkeypatch.setattr(backbones, "extract", lambda body, images: shown.append(len(images)) or real(body, images))
    return shown


def train(data, *arguments):
    folders = ("--output", str(data / "weights"), "--work", str(data / "work"), "--backbones", str(data))
    choices = ("--version", "paper-v1", "--data", str(data / "diu"))
    call_command("train_model", "eye_emotion", *choices, *folders, *arguments)
    return artifacts.find("eye_emotion", "paper-v1", weights=data / "weights")


def test_from_a_folder_to_a_version_that_is_measured(data, bodies, capsys):
    train(data, "--epochs", "2")
    made = train(data, "--epochs", "3", "--resume")
    artifacts.verify(made)

    # Features are computed once and kept on disk; the second run read them.
    assert bodies == [24]
    assert len(list((data / "work" / "eye_emotion" / "paper-v1").glob("features-*.npy"))) == 1

    stored = EvaluationRecord.read(made.folder)
    assert [row["epoch"] for row in stored.history] == [1, 2, 3]
    assert {row["learning_rate"] for row in stored.history} == {1e-4}
    assert (made.manifest.training["epochs_prescribed"], paper.EPOCHS, paper.BATCH_SIZE) == (100, 100, 64)
    assert stored.measured[0]["title"] == "DIU test"
    assert stored.measured[0]["n"] == 12
    assert (made.folder / card.FILE).read_text() == card.render(made.manifest, stored, card.NETWORK)

    capsys.readouterr()
    where = ("--data", str(data / "diu"), "--weights", str(data / "weights"), "--version", "paper-v1")
    call_command("evaluate_model", "eye_emotion", *where, "--json", "-")
    assert json.loads(capsys.readouterr().out)["accuracy"] == stored.measured[0]["accuracy"]

    with pytest.raises(artifacts.ModelUnavailable, match="not the strips of a recording"):
        Recognizer(made)


def test_packaging_without_training_says_so(data, bodies, capsys):
    with pytest.raises(SystemExit):
        train(data, "--package-only")
    assert "There is no checkpoint in" in capsys.readouterr().err
