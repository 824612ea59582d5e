"""A training from the panel: its lines become progress, its log is kept, it stops, goes on, and ends in a candidate."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from analysis.models import ModelJob
from analysis.services import model_job_cancel, model_job_execute, model_job_request, model_job_resume
from analysis.services.jobs import attempt
from analysis.services.jobs.evaluating import evaluation_with
from analysis.services.jobs.progress import training_progress
from analysis.services.jobs.training import job_folder
from ml.artifacts import WEIGHTS
from ml.confinement import programs

pytestmark = pytest.mark.django_db
EPOCH = "loss 1.0000 accuracy 0.5000 | validation loss 1.0000 accuracy 0.5000 UAR 0.4000 | rate 0.001 | 3 s"


@pytest.fixture
def job(carol: Any, data: Path) -> ModelJob:
    return model_job_request(
        kind="train", modality="facial_expression", by=carol, options={"version": "mine", "epochs": 2}
    )


def finished_training(program: Any) -> Callable[..., int]:
    """Writes two epochs and leaves a version behind, as train_model does."""

    def script(command: list[str], *, on_error: Callable[[str], None], **options: Any) -> int:
        if "ml.imports.latency" in command:
            options["on_output"]("1.5")
            return 0
        for epoch in (1, 2):
            on_error(f"facial_expression paper-v1: epoch {epoch}/2 {EPOCH}")
            on_error(
                json.dumps(
                    {"event": "training_epoch", "title": "t", "epoch": epoch, "epochs": 2, "part": 1, "parts": 1}
                )
            )
        folder = Path(program.option("--output")) / "facial_expression" / program.option("--save-as")
        shutil.copytree(WEIGHTS / "facial_expression" / "paper-v1", folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(manifest | {"version": "mine"}))
        return 0

    return script


def test_a_training_ends_as_a_candidate_with_its_evaluation(job: ModelJob, program: Any, data: Path, carol: Any):
    program.script = finished_training(program)
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "succeeded", job.failure_reason
    version = job.model_version
    assert version is not None
    assert (version.status, version.source, version.version, version.created_by) == (
        "candidate", "trained", "mine", carol,
    )  # fmt: skip
    assert version.evaluation["measured"][0]["uar"] > 0.4
    assert "epoch 2/2" in job.log
    assert "training_epoch" not in job.log
    assert (program.option("--data"), program.option("--epochs")) == (str(data), "2")
    assert "--resume" in program.commands[0]
    assert version.latency_ms == 1.5
    assert not job_folder(job).exists()


def test_a_refusal_of_the_trainer_is_the_jobs_sentence(job: ModelJob, program: Any):
    def script(command: list[str], *, on_error: Callable[[str], None], **options: Any) -> int:
        on_error("fer2013.npz is not in the data folder.")
        return 2

    program.script = script
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure_reason) == ("failed", "fer2013.npz is not in the data folder.")
    assert job.is_resumable


def test_a_trainer_that_breaks_off_leaves_its_log(job: ModelJob, program: Any):
    def script(command: list[str], *, on_error: Callable[[str], None], **options: Any) -> int:
        on_error("Traceback: out of memory")
        return -9

    program.script = script
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert "broke off" in job.failure_reason
    assert "out of memory" in job.log


def test_a_cancelled_training_stops_keeps_its_checkpoints_and_goes_on(
    job: ModelJob, program: Any, carol: Any, monkeypatch: pytest.MonkeyPatch
):
    checkpoint = job_folder(job) / "work" / "last.npz"

    def script(command: list[str], **options: Any) -> int:
        checkpoint.parent.mkdir(parents=True)
        checkpoint.touch()
        model_job_cancel(job=job, by=carol)
        raise programs.ProgramStopped

    program.script = script
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert checkpoint.exists()
    model_job_resume(job=job, by=carol)
    program.script = finished_training(program)
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert job.status == "succeeded", job.failure_reason


def test_a_stopping_worker_hands_the_job_back(job: ModelJob, program: Any, monkeypatch: pytest.MonkeyPatch):
    def script(command: list[str], **options: Any) -> int:
        monkeypatch.setattr("analysis.services.jobs.attempt.worker_is_stopping", lambda: True)
        assert options["should_stop"]()
        raise programs.ProgramStopped

    program.script = script
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.claim) == ("queued", 0, None)


def test_a_job_whose_turn_is_over_goes_on_later(job: ModelJob, program: Any, monkeypatch: pytest.MonkeyPatch):
    """Before the time limit of a task, at which the worker would be killed."""
    assert attempt.TURN_S < settings.CELERY_TASK_TIME_LIMIT
    monkeypatch.setattr(attempt, "TURN_S", 0.0)

    def script(command: list[str], **options: Any) -> int:
        assert options["should_stop"]()
        raise programs.ProgramStopped

    program.script = script
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.claim) == ("queued", 0, None)


def test_a_job_is_executed_once(job: ModelJob, program: Any):
    program.script = finished_training(program)
    model_job_execute(job_id=job.pk)
    model_job_execute(job_id=job.pk)
    assert [command[2] for command in program.commands] == ["train_model", "ml.imports.latency"]


# --- Lines and figures --------------------------------------------------------------------------------------------


def test_an_epoch_of_one_of_many_trainings_becomes_progress():
    line = json.dumps({"event": "training_epoch", "title": "t", "epoch": 5, "epochs": 10, "part": 3, "parts": 4})
    progress = training_progress(line)
    assert progress is not None
    assert progress.fraction == pytest.approx(0.95 * 2.5 / 4, abs=1e-3)
    assert progress.stage == "Training t, epoch 5 of 10"


@pytest.mark.parametrize("line", ["", "Traceback", "{", "{}", "facial_expression paper-v1: epoch 5/10 loss 1.0"])
def test_other_lines_are_no_progress(line: str):
    assert training_progress(line) is None


def test_a_new_measurement_becomes_the_headline_and_others_stay():
    stored = {"measured": [{"key": "a", "n": 1, "uar": 0.1}, {"key": "b", "n": 2}], "history": [1]}
    further = {"key": "c", "n": 3, "confusion": []}
    measured = {
        "modality": "m", "version": "v", "sha256": "s", "split": "private", "key": "a", "n": 9, "uar": 0.5,
        "confusion": [], "deduplicated": further, "reliability": [[1.0, 0.5, 0.5]],
    }  # fmt: skip
    evaluation = evaluation_with(stored, measured)
    assert [row["key"] for row in evaluation["measured"]] == ["a", "c", "b"]
    assert evaluation["measured"][0] == {"key": "a", "n": 9, "uar": 0.5, "confusion": []}
    assert evaluation["reliability"] == [[1.0, 0.5, 0.5]]
    assert evaluation["history"] == [1]
