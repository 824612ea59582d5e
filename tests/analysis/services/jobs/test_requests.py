"""What can be asked of jobs, by whom it is heard, and what is refused with which sentence."""

from pathlib import Path
from typing import Any

import pytest

from analysis.models import ModelJob, ModelVersion
from analysis.services import (
    ModelRefused,
    model_job_cancel,
    model_job_execute,
    model_job_request,
    model_job_resume,
)

pytestmark = pytest.mark.django_db


def train(by: Any, **options: Any) -> ModelJob:
    return model_job_request(kind="train", modality="facial_expression", by=by, options=options)


def test_without_data_nothing_is_trained_or_evaluated(carol: Any):
    with pytest.raises(ModelRefused, match="Set TRAINING_DATA_DIR to a folder"):
        train(carol)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"epochs": 0}, "number of epochs"),
        ({"epochs": 10**6}, "number of epochs"),
        ({"epochs": "1; rm -rf /"}, "number of epochs"),
        ({"seed": -1}, "seed"),
        ({"recipe": "--help"}, "no such recipe"),
        ({"version": "../elsewhere"}, "named with letters"),
        ({"output": "/tmp"}, "no option output"),
    ],
)
def test_odd_options_are_refused(carol: Any, data: Path, options: dict[str, Any], words: str):
    with pytest.raises(ModelRefused) as refusal:
        train(carol, **options)
    assert words in str(refusal.value)


def test_eye_gaze_is_neither_trained_nor_evaluated(carol: Any, data: Path):
    with pytest.raises(ModelRefused, match="Eye gaze is geometry"):
        model_job_request(kind="train", modality="eye_gaze", by=carol)


def test_an_evaluation_needs_a_version_of_its_modality(carol: Any, data: Path):
    with pytest.raises(ModelRefused, match="Choose the version"):
        model_job_request(kind="evaluate", modality="eye_emotion", by=carol)


def test_an_import_is_not_asked_for_without_a_file(carol: Any, data: Path):
    with pytest.raises(ModelRefused):
        model_job_request(kind="import", modality="eye_emotion", by=carol)


def test_the_message_follows_the_commit(
    carol: Any, data: Path, published: list[Any], django_capture_on_commit_callbacks: Any
):
    with django_capture_on_commit_callbacks(execute=True):
        job = train(carol, epochs=2, version="mine")
        assert published == []
    assert published == [("analysis.tasks.model_job_execute", (str(job.pk),))]
    assert job.options == {"version": "mine", "recipe": "", "epochs": 2, "seed": 0}
    assert job.requested_by == carol


def test_a_queued_job_is_cancelled_at_once_and_can_be_resumed(carol: Any, data: Path, program: Any):
    job = model_job_cancel(job=train(carol), by=carol)
    assert job.status == "cancelled"
    model_job_execute(job_id=job.pk)
    assert program.commands == []
    assert model_job_resume(job=job, by=carol).status == "queued"
    with pytest.raises(ModelRefused, match="still under way"):
        model_job_resume(job=job, by=carol)


def test_a_finished_job_is_not_cancelled(carol: Any, data: Path):
    job = train(carol)
    ModelJob.objects.filter(pk=job.pk).update(status="succeeded")
    with pytest.raises(ModelRefused, match="already ended"):
        model_job_cancel(job=job, by=carol)
    with pytest.raises(ModelRefused, match="nothing to go on with"):
        model_job_resume(job=job, by=carol)


def test_a_version_that_was_deleted_meanwhile_fails_its_evaluation(carol: Any, data: Path):
    version = ModelVersion.objects.create(
        modality="eye_emotion", name="A", version="a", sha256="0" * 64, source="uploaded"
    )
    job = model_job_request(kind="evaluate", modality="eye_emotion", by=carol, model_version=version)
    version.delete()
    model_job_execute(job_id=job.pk)
    job.refresh_from_db()
    assert (job.status, job.failure_reason) == ("failed", "The version that was to be evaluated has been deleted.")
