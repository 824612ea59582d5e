"""Which people and conditions the gaze benchmark renders."""

from types import SimpleNamespace

import pytest

from ml import artifacts
from ml.benchmarks.gaze import run
from ml.benchmarks.gaze.angles import TurnedLook
from ml.benchmarks.gaze.run import BenchmarkError
from ml.benchmarks.rendering import portraits
from ml.modalities import EYE_GAZE
from tests.ml.benchmarks.gaze.sessions import PARAMETERS, session


def test_people_to_choose_on_need_recordings():
    with pytest.raises(BenchmarkError, match="--videos"):
        run.people(None, chosen_on=True)
    with pytest.raises(BenchmarkError, match="There is no folder"):
        run.benchmark(artifact=artifacts.find(EYE_GAZE), videos=portraits.photograph.FILE)


def test_an_unknown_condition_is_named():
    with pytest.raises(BenchmarkError, match="no condition 'fog'"):
        run.conditions_named(["fog"])
    assert [condition.name for condition in run.conditions_named(["low light"])] == ["low light"]


def test_the_halves_share_no_recording(tmp_path, monkeypatch):
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.mp4").touch()
    (tmp_path / "notes.txt").touch()

    def portrait(path):
        return SimpleNamespace(name=path.stem, shows_the_same_as=lambda other: path.stem == "d" and other.name == "a")

    monkeypatch.setattr(portraits, "from_recording", portrait)
    monkeypatch.setattr(portraits, "astronaut", lambda: SimpleNamespace(name="astronaut"))
    monkeypatch.setattr(run.gaze_sessions, "identities", lambda faces, **_: [face.name for face in faces])
    assert run.people(tmp_path, chosen_on=True) == ["a", "c"]
    assert run.people(tmp_path, chosen_on=False) == ["astronaut", "b"]


def test_the_result_names_its_version_and_half():
    artifact = artifacts.find(EYE_GAZE)
    result = run.result_of([session()], [TurnedLook(5.0, (5.0, 0.0), (8.0, 0.0))], artifact, PARAMETERS)
    assert result.metrics["version"] == artifact.manifest.version
    assert result.metrics["half"] == "reported"
    assert result.metrics["angles"]["median_deg"] == 3.0
    assert result.sessions == (session(),)
