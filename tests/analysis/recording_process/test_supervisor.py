"""The supervisor of an analysis: progress, and every way in which the program can end."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.pipeline import AnalysisStopped, MediaError, Options, Progress
from analysis.recording_process import supervisor
from analysis.recording_process.results import RESULT, encode
from analysis.recording_process.supervisor import AnalysisBrokeOff, analyze_confined
from ml.confinement import programs
from ml.confinement.budgets import Declared
from ml.confinement.policy import OUT_OF_MEMORY
from ml.confinement.slots import Slots
from tests.factories.media import make_recording

DECLARED = Declared(1280, 720, 25.0, 20.0, 1_000_000)


class FakeProgram:
    """Stands where ``run_confined`` stands: each start does what the next of ``starts`` says."""

    def __init__(self, *starts: Any) -> None:
        self.starts = list(starts)
        self.policies: list[Any] = []
        self.requests: list[Any] = []

    def __call__(
        self, module: str, arguments: Any, *, policy: Any, on_output: Any, request: bytes, **options: Any
    ) -> int:
        self.policies.append(policy)
        self.requests.append(json.loads(request))
        start = self.starts.pop(0)
        if isinstance(start, Exception):
            raise start
        if isinstance(start, bytes):
            (Path(arguments[0]) / RESULT).write_bytes(start)
            on_output(json.dumps({"stage": "Reading", "fraction": 0.5}))
            on_output(json.dumps({"done": True}))
            return 0
        on_output(json.dumps(start))
        return 0


@pytest.fixture
def analyze(monkeypatch, tmp_path):
    def run(*starts: Any, **options: Any) -> tuple[Any, FakeProgram]:
        program = FakeProgram(*starts)
        monkeypatch.setattr(programs, "run_confined", program)
        slots = Slots(tmp_path / "slots", 1)
        path = tmp_path / "interview.mp4"
        return analyze_confined(path, declared=DECLARED, slots=slots, **options), program

    return run


def test_the_result_and_the_progress_of_the_program_arrive(analyze, make_analysis, tmp_path):
    told: list[Progress] = []
    models = {"eye_gaze": tmp_path / "models"}
    found, program = analyze(encode(make_analysis()), models=models, options=Options(fps=5), progress=told.append)
    assert found == make_analysis()
    assert told == [Progress("Reading", 0.5)]
    [request], [policy] = program.requests, program.policies
    assert request["options"]["fps"] == 5
    assert policy.readable == (request["path"], str(tmp_path / "models"))
    assert not Path(policy.writable[0]).exists(), "nothing is left of it"


def test_one_that_is_killed_is_started_once_more(analyze, make_analysis):
    found, program = analyze(programs.ProgramKilled("m", -9), encode(make_analysis()))
    assert found == make_analysis()
    assert len(program.policies) == 2


@pytest.mark.parametrize(
    ("starts", "sentence"),
    [
        ([programs.ProgramKilled("m", -11)] * 2, supervisor.BROKE_OFF),
        ([programs.ProgramKilled("m", -11), programs.ProgramKilled("m", OUT_OF_MEMORY)], supervisor.NEEDS_MEMORY),
        ([b"not a result", b"{}"], supervisor.BROKE_OFF),
        ([{"nothing": 1}] * 2, supervisor.BROKE_OFF),
        ([programs.ProgramTimeout()], supervisor.TOO_LONG),
    ],
)
def test_one_that_gives_no_result_fails_with_one_sentence(analyze, starts, sentence):
    with pytest.raises(AnalysisBrokeOff) as error:
        analyze(*starts)
    assert str(error.value) == sentence


def test_a_refusal_and_a_stop_are_told_as_by_the_pipeline(analyze):
    with pytest.raises(MediaError, match="Its end is missing") as error:
        analyze({"refused": "truncated", "sentence": "Its end is missing."})
    assert error.value.code == "truncated"
    with pytest.raises(AnalysisStopped):
        analyze(programs.ProgramStopped())


def test_a_recording_is_analysed_by_the_real_program(tmp_path):
    path = make_recording(tmp_path / "a.mp4", duration_s=1.0, audio=None)
    declared = Declared.largest(duration_s=60)
    found = analyze_confined(path, declared=declared, slots=Slots(tmp_path / "slots", 1), options=Options(fps=2))
    assert found.info.duration_s == pytest.approx(1.0, abs=0.2)
    assert found.modalities["facial_expression"].available, found.modalities["facial_expression"].reason
