"""One attempt at the robustness of a run: what is measured, and every way in which it can end."""

import json
from pathlib import Path

import pytest

from analysis.models import AnalysisRun, Robustness
from analysis.pipeline import AnalysisStopped, MediaError
from analysis.recording_process.supervisor import AnalysisBrokeOff
from analysis.reporting.robustness import CORRUPTIONS
from analysis.selectors.robustness import robustness_state
from analysis.services import results_prune, robustness_execute, robustnesses_reap, runs_delete
from interviews.services import question_add
from ml.confinement.programs import ProgramKilled, ProgramTimeout
from ml.modalities import EYE_GAZE
from tests.factories import analyses

Status = Robustness.Status


def outcome() -> tuple[str, str]:
    robustness = Robustness.objects.get()
    return robustness.status, robustness.reason


def test_copies_that_read_like_the_recording_move_nothing(measured, pipeline, succeeded_run):
    assert (measured.progress, measured.stage) == (1.0, "")
    assert measured.stretches == [[0.0, 20.0]]
    state = robustness_state(run=succeeded_run)
    assert [one["key"] for one in state["corruptions"]] == list(CORRUPTIONS)
    for corruption in state["corruptions"]:
        assert {shift["distance"] for shift in corruption["modalities"].values()} == {0.0}
        assert set(corruption["metrics"]) == {"attentiveness", "deep_thinking", "confidence", "potential_lie"}
        assert all(shift["moved"] in (0.0, None) for shift in corruption["metrics"].values())


def test_the_run_keeps_its_results(measured, succeeded_run):
    before = list(succeeded_run.modalities.values()), list(succeeded_run.metrics.values())
    run = AnalysisRun.objects.get()
    assert (list(run.modalities.values()), list(run.metrics.values())) == before
    assert run.status == "succeeded"


def test_the_program_gets_the_stretches_and_folders_are_removed(measured, copies, succeeded_run):
    command, path = copies.commands[0], succeeded_run.recording.file.path
    assert command[:2] == ["ml.robustness", path]
    assert json.loads(copies.requests[0]) == {"stretches": [[0.0, 20.0]], "fps": succeeded_run.options["fps"]}
    assert copies.policies[0].readable == (path,)
    assert not Path(command[2]).exists()


def test_each_copy_is_read_with_the_options_of_the_run_and_its_person(measured, pipeline, succeeded_run):
    calls = pipeline.calls[1:]
    assert [path.stem for path, _ in calls] == list(CORRUPTIONS)
    people = {path.stem: options.person for path, options in calls}
    assert people["darkened"] == {"second": 3.5, "box": pytest.approx([0.2, 0.1, 0.4, 0.5])}
    assert people["cropped"]["box"] == pytest.approx([0.125, 0.0, 0.375, 0.5])
    assert {options.fps for _, options in calls} == {succeeded_run.options["fps"]}


def test_what_a_copy_reads_otherwise_is_a_shift(requested, copies, pipeline, make_analysis, timelines, succeeded_run):
    dark = timelines | {
        "facial_expression": analyses.timeline("facial_expression", analyses.FACE_LABELS, (0, 19, "sad", 0.9)),
        "eye_gaze": analyses.timeline("eye_gaze", analyses.GAZE_LABELS),
    }
    pipeline.result = make_analysis(modalities=analyses.analysis_of(dark).modalities)
    robustness_execute(robustness_id=requested.pk)
    shift = robustness_state(run=succeeded_run)["corruptions"][1]
    assert shift["modalities"]["facial_expression"]["distance"] == 1.0
    assert shift["modalities"]["facial_expression"]["largest"] == {"label": "sad", "moved": 1.0}
    assert shift["modalities"]["eye_gaze"] == {
        **{"distance": None, "largest": None, "coverage": 0.0},
        "own_coverage": pytest.approx(0.99),
        "largest_gap": None,
    }
    assert shift["metrics"]["attentiveness"]["own"] is not None
    assert shift["metrics"]["attentiveness"]["value"] is shift["metrics"]["attentiveness"]["moved"] is None


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MediaError("no_frames"), "."),
        (AnalysisBrokeOff("It broke."), "broke off"),
        (RuntimeError("a bug"), "reference"),
    ],
)
def test_an_analysis_that_fails_is_one_sentence(requested, copies, pipeline, error, said):
    pipeline.error = error
    robustness_execute(robustness_id=requested.pk)
    status, reason = outcome()
    assert status == Status.FAILED
    assert said in reason
    assert AnalysisRun.objects.get().status == "succeeded"


@pytest.mark.parametrize("error", [ProgramKilled("ml.robustness", -9), ProgramTimeout()])
def test_a_program_that_fails_is_one_sentence(requested, copies, error):
    copies.error = error
    robustness_execute(robustness_id=requested.pk)
    status, reason = outcome()
    assert (status, reason.endswith("you can try again.")) == (Status.FAILED, True)


def test_the_programs_own_sentence_is_passed_on_and_its_output_not_trusted(requested, copies):
    copies.lines = [{"error": "No frame could be read."}]
    robustness_execute(robustness_id=requested.pk)
    assert outcome() == (Status.FAILED, "No frame could be read.")
    Robustness.objects.update(status="queued", claim=None)
    copies.lines = [{"done": [{"key": "none", "file": "../../etc/passwd.mkv", "window": [0, 0, 1, 1]}]}]
    robustness_execute(robustness_id=requested.pk)
    assert "internal error" in outcome()[1]


def test_a_version_that_is_gone_is_said(requested, copies, monkeypatch):
    monkeypatch.setattr("analysis.services.robustness.execution.model_folders", lambda choices: {})
    robustness_execute(robustness_id=requested.pk)
    assert "not installed any more" in outcome()[1]
    assert copies.commands == []


def test_one_that_is_asked_to_stop_is_cancelled(requested, copies, pipeline):
    def cancel(should_stop, progress):
        Robustness.objects.update(cancel_requested_at=requested.created_at)
        raise AnalysisStopped

    pipeline.during = cancel
    robustness_execute(robustness_id=requested.pk)
    assert outcome() == (Status.CANCELLED, "")


def test_nothing_that_is_blocked_is_computed_or_kept(requested, copies, pipeline, interview):
    def forbid(should_stop, progress):
        interview.purpose, interview.candidate_jurisdiction = "recruitment", "eu"
        interview.save()

    pipeline.during = forbid  # policy changes while it is measured
    robustness_execute(robustness_id=requested.pk)
    stored = Robustness.objects.get()
    assert stored.status == Status.SUCCEEDED
    assert set(stored.own["modalities"]) == {EYE_GAZE}
    assert all(set(one["modalities"]) == {EYE_GAZE} for one in stored.corrupted.values())
    assert all(set(one["metrics"]) == {"attentiveness"} for one in stored.corrupted.values())
    Robustness.objects.update(status="queued", claim=None)
    robustness_execute(robustness_id=requested.pk)
    assert pipeline.calls[-1][1].modalities == (EYE_GAZE,)


def test_what_is_stored_goes_when_policy_no_longer_allows_it(measured, interview):
    interview.organization.jurisdiction = "eu"
    interview.organization.save()
    interview.purpose, interview.candidate_jurisdiction = "recruitment", "eu"
    interview.save()
    results_prune(interview=interview)
    stored = Robustness.objects.get()
    assert set(stored.own["modalities"]) == set(stored.corrupted["noisy"]["modalities"]) == {EYE_GAZE}


def test_it_goes_with_its_run(measured, interview):
    runs_delete(interview=interview)
    assert not Robustness.objects.exists()


def test_other_question_marks_make_it_out_of_date(measured, succeeded_run, alice):
    assert robustness_state(run=succeeded_run)["can_start"] is False
    question_add(interview=succeeded_run.recording.interview, by=alice, at_s=4.0)
    state = robustness_state(run=succeeded_run)
    assert (state["is_outdated"], state["can_start"], state["status"]) == (True, True, "succeeded")


def test_one_whose_worker_died_three_times_fails(requested):
    Robustness.objects.update(status="running", attempts=3, heartbeat_at=None)
    robustnesses_reap()
    assert outcome()[0] == Status.FAILED
