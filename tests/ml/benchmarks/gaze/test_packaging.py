"""Results of the gaze benchmark in a version's folder."""

import json
import shutil

import pytest

from ml import artifacts
from ml.artifacts import Artifact
from ml.benchmarks.gaze import run
from ml.benchmarks.gaze.packaging import renew
from ml.modalities import EYE_GAZE
from ml.training.evaluation import EvaluationRecord
from tests.ml.benchmarks.gaze.sessions import PARAMETERS, frame, session, steady_session


@pytest.fixture(scope="module")
def result():
    aside = steady_session("aside", [frame("top_left", 400 + i) for i in range(8)])
    steady = steady_session("steady", [frame("center", 400 + i) for i in range(20)])
    return run.result_of([session(), aside, steady], [], artifacts.find(EYE_GAZE), PARAMETERS)


@pytest.fixture
def renewed(result, tmp_path) -> Artifact:
    shipped = artifacts.find(EYE_GAZE)
    folder = tmp_path / EYE_GAZE / shipped.manifest.version
    shutil.copytree(shipped.folder, folder)
    for name in ("MODEL_CARD.md", "evaluation.json", "confusion.png", "reliability.png"):
        (folder / name).unlink()
    return renew(Artifact(folder, shipped.manifest), result)


def test_the_headline_metrics_are_those_of_the_benchmark(renewed, result):
    figures = renewed.manifest.figures
    assert figures["rendered_calibrated_accuracy"] == result.metrics["all"]["calibrated"]["accuracy"]
    assert figures["rendered_paper_rule_accuracy"] == pytest.approx(16 / 48, abs=0.001)
    assert set(figures) == set(artifacts.find(EYE_GAZE).manifest.figures)


def test_the_parameters_stay_what_they_were(renewed):
    artifacts.verify(renewed)
    assert renewed.manifest.sha256 == artifacts.find(EYE_GAZE).manifest.sha256


def test_the_evaluation_holds_both_modes_and_the_whole_benchmark(renewed, result):
    stored = EvaluationRecord.read(renewed.folder)
    assert [measured["key"] for measured in stored.measured] == ["calibrated", "uncalibrated"]
    assert stored.extra["benchmark"] == json.loads(json.dumps(result.metrics))
    for measured in stored.measured:
        assert measured["n"] == 48
        assert sum(map(sum, measured["confusion"])) == 48
        assert measured["accuracy"] == result.metrics["all"][measured["key"]]["accuracy"]


def test_the_manifest_on_disk_is_the_renewed_one(renewed):
    assert artifacts.at(renewed.folder) == renewed
    assert not list(renewed.folder.parent.glob(".*"))


def test_plots_and_card_are_written(renewed, result):
    assert {"confusion.png", "reliability.png", "MODEL_CARD.md"} <= {path.name for path in renewed.folder.iterdir()}
    accuracy = result.metrics["all"]["calibrated"]["accuracy"]
    assert f"| **all** | 12 | {100 * accuracy:.1f} %" in (renewed.folder / "MODEL_CARD.md").read_text()
