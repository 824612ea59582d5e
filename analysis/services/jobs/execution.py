"""One attempt at one job, from claim to result. Called by the worker's task."""

from __future__ import annotations

import logging
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from analysis.models import ModelJob, ModelVersion
from analysis.services.errors import ClaimLost
from analysis.services.jobs.attempt import Attempt, JobRefused
from analysis.services.jobs.evaluating import version_evaluate
from analysis.services.jobs.importing import version_import
from analysis.services.jobs.programs import ProgramStopped
from analysis.services.jobs.requests import upload_discard
from analysis.services.jobs.training import version_train

logger = logging.getLogger(__name__)
Status = ModelJob.Status
Kind = ModelJob.Kind


def model_job_execute(*, job_id: UUID) -> None:
    """Execute a queued job, if no one else does. Every outcome is written to the row; nothing is raised, unless the
    database itself cannot be written: then the row goes silent, and :func:`model_jobs_reap` picks it up."""
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
        if _job_finish(attempt, status=Status.CANCELLED, only_if_asked=True):
            logger.info("model job %s was cancelled", job.pk)
        elif attempt.must_hand_back() and _job_hand_back(attempt):
            logger.warning("model job %s was handed back: this worker is stopping, or the job's turn is over", job.pk)
        else:
            logger.warning("model job %s was taken from this worker, which stops", job.pk)
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
    now = timezone.now()
    claimed = (
        ModelJob.objects.queued()
        .filter(pk=job_id)
        .update(
            status=Status.RUNNING,
            claim=(claim := uuid4()),
            attempts=F("attempts") + 1,
            started_at=now,
            heartbeat_at=now,
            stage="Starting",
        )
    )
    if not claimed:
        return None
    return ModelJob.objects.select_related("model_version").filter(pk=job_id, claim=claim).first()


def _job_hand_back(attempt: Attempt) -> bool:
    """Back to the queue, as if this attempt had never been, but for its log and its checkpoints."""
    held = ModelJob.objects.running().filter(pk=attempt.job.pk, claim=attempt.job.claim, cancel_requested_at=None)
    handed_back = held.update(
        status=Status.QUEUED, claim=None, attempts=F("attempts") - 1, stage="", published_at=None, log=attempt.text()
    )
    return handed_back == 1


def _job_finish(attempt: Attempt, *, status: str, only_if_asked: bool = False, **fields: Any) -> bool:
    """Draw the arrow from running to a final state, if this attempt still holds the claim.

    Success is refused once somebody has asked to cancel; ``only_if_asked`` is the opposite.
    """
    rows = ModelJob.objects.running().filter(pk=attempt.job.pk, claim=attempt.job.claim)
    if only_if_asked:
        rows = rows.exclude(cancel_requested_at=None)
    elif status == Status.SUCCEEDED:
        rows = rows.filter(cancel_requested_at=None)
    finished = {"status": status, "stage": "", "finished_at": timezone.now(), "log": attempt.text(), **fields}
    return rows.update(**finished) == 1
