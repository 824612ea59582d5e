"""Dead workers, lost messages and what ended jobs leave behind."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.models import ModelJob
from analysis.services import model_job_request, model_job_resume, model_jobs_reap, model_jobs_sweep
from analysis.services.errors import ClaimLost
from analysis.services.jobs.attempt import Attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def job(carol: Any, data: Path) -> ModelJob:
    return model_job_request(kind="train", modality="facial_expression", by=carol)


def changed(job: ModelJob, **fields: Any) -> ModelJob:
    ModelJob.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return job


def silent(job: ModelJob, **fields: Any) -> ModelJob:
    """The job of a worker that died a minute ago."""
    before = timezone.now() - timedelta(minutes=1)
    return changed(job, **{"status": "running", "claim": uuid4(), "attempts": 1, "heartbeat_at": before, **fields})


def test_a_job_of_a_dead_worker_is_queued_again(job: ModelJob, published: list[Any]):
    silent(job)
    model_jobs_reap()
    job.refresh_from_db()
    assert (job.status, job.claim) == ("queued", None)
    assert published[-1] == ("analysis.tasks.model_job_execute", (str(job.pk),))


def test_the_third_death_fails_a_job_which_can_be_resumed(job: ModelJob, carol: Any):
    silent(job, attempts=3)
    model_jobs_reap()
    job.refresh_from_db()
    assert job.status == "failed"
    assert "interrupted three times" in job.failure_reason
    assert model_job_resume(job=job, by=carol).attempts == 0


def test_a_cancelled_job_of_a_dead_worker_is_cancelled(job: ModelJob):
    silent(job, cancel_requested_at=timezone.now())
    model_jobs_reap()
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_living_job_is_left_alone(job: ModelJob):
    silent(job, heartbeat_at=timezone.now())
    model_jobs_reap()
    job.refresh_from_db()
    assert job.status == "running"


def test_a_lost_message_is_sent_again_when_no_job_is_running(job: ModelJob, published: list[Any]):
    changed(job, published_at=timezone.now() - timedelta(minutes=2))
    model_jobs_reap()
    assert len(published) == 1
    model_jobs_reap()
    assert len(published) == 1


def test_a_worker_that_lost_its_claim_writes_nothing(job: ModelJob):
    silent(job)
    attempt = Attempt(job=job, claim=uuid4())
    with pytest.raises(ClaimLost):
        attempt.store(result={"accuracy": 1.0})
    job.refresh_from_db()
    assert job.result == {}


def test_old_checkpoints_and_stray_uploads_are_removed(job: ModelJob, settings: Any):
    kept, old, gone = (Path(settings.MODEL_JOBS_DIR) / str(name) for name in (job.pk, uuid4(), "shared"))
    for folder in (kept, old, gone):
        folder.mkdir(parents=True)
    stray = default_storage.save("models/uploads/x.upload", ContentFile(b"x"))
    assert model_jobs_sweep() == 1
    assert (kept.exists(), old.exists(), gone.exists()) == (True, False, True)
    assert default_storage.exists(stray)
    changed(job, status="failed", finished_at=timezone.now() - timedelta(days=40), upload=stray)
    assert model_jobs_sweep() == 2
    assert not kept.exists()
    assert not default_storage.exists(stray)
