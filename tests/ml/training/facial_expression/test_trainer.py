"""The whole way of a face network, on a handful of pictures: train, stop, resume, package, measure."""

import json
import shutil

import pytest
from django.core.management import call_command

from ml import artifacts
from ml.training import card, checkpoint
from ml.training.evaluation import EvaluationRecord
from tests.factories.data_sets import write_fer2013

pytestmark = [
    pytest.mark.training,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture
def data(tmp_path):
    write_fer2013(tmp_path)
    return tmp_path


def train(data, version, *arguments):
    folders = ("--output", str(data / "weights"), "--work", str(data / "work"))
    choices = ("--version", version, "--data", str(data))
    call_command("train_model", "facial_expression", *choices, *folders, *arguments)
    return artifacts.find("facial_expression", version, weights=data / "weights")


def test_a_version_is_trained_resumed_and_packaged_with_its_card(data, capsys):
    first = train(data, "paper-v1", "--epochs", "1")
    assert (first.manifest.training["epochs_run"], first.manifest.training["epochs_prescribed"]) == (1, 100)

    second = train(data, "paper-v1", "--epochs", "2", "--resume")
    artifacts.verify(second)
    manifest = second.manifest
    assert manifest.training["epochs_run"] == 2
    assert second.path.stat().st_size < 6_000_000
    figures = EvaluationRecord.read(second.folder)
    assert [row["epoch"] for row in figures.history] == [1, 2]
    text = (second.folder / card.FILE).read_text()
    assert "2 of the 100 prescribed epochs were run" in text
    assert f"{100 * figures.measured[0]['accuracy']:.1f} %" in text
    assert manifest.figures["fer2013_private_accuracy"] == figures.measured[0]["accuracy"]

    assert json.loads((data / "weights" / "index.json").read_text()) == {"facial_expression": "paper-v1"}


def test_the_compact_version_trains_the_papers_network_first_and_ships_together_with_it(data, capsys):
    both = train(data, "compact-v1", "--epochs", "1")
    artifacts.verify(both)
    assert (both.manifest.training["epochs_run"], both.manifest.training["epochs_prescribed"]) == (1, 76)
    assert both.manifest.parameters > 4_000_000
    assert both.path.stat().st_size < 5_000_000
    papers = data / "work" / "facial_expression" / "paper-v1"
    assert len(checkpoint.load_history(papers)) == 1

    shutil.rmtree(papers)
    with pytest.raises(SystemExit):
        train(data, "compact-v1", "--package-only")
    assert "paper-v1, which compact-v1 ships together with, has no checkpoint" in capsys.readouterr().err


def test_packaging_without_training_says_so(data, capsys):
    with pytest.raises(SystemExit):
        train(data, "paper-v1", "--package-only")
    assert "There is no checkpoint in" in capsys.readouterr().err
