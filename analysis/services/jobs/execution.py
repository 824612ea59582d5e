"""One attempt at one job, from claim to result. Called by the worker's task."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID

from analysis.models import ModelJob, ModelVersion
from analysis.services.attempts.state_machine import work_claim, work_finish, work_stopped
from analysis.services.errors import ClaimLost
from analysis.services.jobs.attempt import Attempt, JobRefused
from analysis.services.jobs.evaluating import version_evaluate
from analysis.services.jobs.importing import version_import
from analysis.services.jobs.requests import upload_discard
from analysis.services.jobs.training import version_train
from ml.confinement.programs import ProgramStopped

logger = logging.getLogger(__name__)
Status = ModelJob.Status
Kind = ModelJob.Kind


def model_job_execute(*, job_id: UUID) -> None:
    """Execute a queued job, unless another worker has claimed it.

    Every outcome is written to the row. An exception is raised only when the database cannot be written: the heartbeat
    then stops, and :func:`model_jobs_reap` recovers the row.
    """
    job = _job_claim(job_id)
    if job is None or job.claim is None:
        logger.info("model job %s is not waiting for a worker", job_id)
        return
    attempt = Attempt(job=job, claim=job.claim)
    try:
        with attempt:
            version = _work(attempt)
        if not _job_finish(attempt, status=Status.SUCCEEDED, progress=1.0, failure_reason="", model_version=version):
            raise ClaimLost
        upload_discard(job)
    except (ProgramStopped, ClaimLost):
        # A job handed back keeps its log and its checkpoints; the attempt itself does not count.
        log = {"log": attempt.text()}
        work_stopped(ModelJob.objects.all(), job, hand_back=attempt.must_hand_back(), cancelled=log, queued=log)
    except JobRefused as error:
        if _job_finish(attempt, status=Status.FAILED, failure_reason=str(error)) and job.kind == Kind.IMPORT:
            upload_discard(job)
    except Exception:
        reference = job.claim.hex[:8].upper()
        logger.exception("model job %s failed, reference %s", job.pk, reference)
        sentence = f"The job stopped because of an internal error (reference {reference}). You can resume it."
        _job_finish(attempt, status=Status.FAILED, failure_reason=sentence)


def _work(attempt: Attempt) -> ModelVersion:
    match attempt.job.kind:
        case Kind.IMPORT:
            return version_import(attempt)
        case Kind.TRAIN:
            return version_train(attempt)
    version = attempt.job.model_version
    if version is None:
        raise JobRefused("The version that was to be evaluated has been deleted.")
    version_evaluate(attempt, version)
    return version


def _job_claim(job_id: UUID) -> ModelJob | None:
    claim = work_claim(ModelJob.objects.all(), job_id)
    if claim is None:
        return None
    return ModelJob.objects.select_related("model_version").filter(pk=job_id, claim=claim).first()


def _job_finish(attempt: Attempt, *, status: str, **fields: Any) -> bool:
    return work_finish(ModelJob.objects.all(), attempt.job, status=status, log=attempt.text(), **fields)
