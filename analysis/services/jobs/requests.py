"""Requests of administrators: evaluate, train, cancel, resume."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from analysis.models import Modality, ModelJob, ModelVersion
from analysis.queue import job_publish
from analysis.services.attempts.state_machine import work_cancel
from analysis.services.errors import ModelRefused
from analysis.services.registry.versions import VERSION_NAME
from interviews.models import User

Status = ModelJob.Status
Kind = ModelJob.Kind

NO_DATA: Final = (
    "No data folder is configured on this server, so nothing can be trained or evaluated. Set TRAINING_DATA_DIR to a "
    "folder with fer2013.npz, ravdess/ and eye_strips/, and restart Candor."
)
MOST_EPOCHS: Final = 1000
TRAINING_OPTIONS: Final = frozenset({"version", "recipe", "epochs", "seed"})


def model_job_request(
    *,
    kind: str,
    modality: str,
    by: User | None,
    model_version: ModelVersion | None = None,
    options: Mapping[str, Any] | None = None,
) -> ModelJob:
    """Queue an evaluation of ``model_version``, or a training. The message follows after the commit.

    Options of a training: ``version``, the name of the new version; ``recipe``, the version of the modality's own
    trainer (default: its first); ``epochs`` and ``seed``, whole numbers. Raises :class:`ModelRefused`. Files are
    imported by :func:`model_upload_receive`.
    """
    if not data_folder():
        raise ModelRefused(NO_DATA)
    if modality not in Modality.values or modality == Modality.EYE_GAZE:
        raise ModelRefused("Eye gaze is geometry: it is neither trained nor evaluated. Choose another modality.")
    if kind == Kind.EVALUATE:
        if model_version is None or model_version.modality != modality:
            raise ModelRefused("Choose the version to evaluate.")
        return job_create(kind=kind, modality=modality, by=by, model_version=model_version)
    if kind != Kind.TRAIN:
        raise ModelRefused("This kind of job cannot be asked for.")
    chosen = _training_options(modality, dict(options or {}))
    return job_create(kind=kind, modality=modality, by=by, options=chosen)


def model_job_cancel(*, job: ModelJob, by: User | None) -> ModelJob:
    """Cancel a queued job at once; ask the worker of a running one to stop, which takes seconds.

    Idempotent. Raises :class:`ModelRefused` when the job has finished.
    """
    work_cancel(ModelJob.objects.all(), job)
    if job.status in (Status.SUCCEEDED, Status.FAILED):
        raise ModelRefused("This job has already ended, so there is nothing to cancel.")
    return job


def model_job_resume(*, job: ModelJob, by: User | None) -> ModelJob:
    """Queue a failed or cancelled job again; a training resumes from its last checkpoint.

    Raises :class:`ModelRefused` for other jobs, and for an import whose file was refused.
    """
    job.refresh_from_db()
    if job.is_active:
        raise ModelRefused("This job is still under way.")
    if not job.is_resumable:
        raise ModelRefused("There is nothing to go on with. Start anew instead.")
    if job.kind != Kind.IMPORT and not data_folder():
        raise ModelRefused(NO_DATA)
    with transaction.atomic():
        resumed = ModelJob.objects.filter(pk=job.pk, status=job.status).update(
            status=Status.QUEUED,
            attempts=0,
            claim=None,
            stage="",
            failure_reason="",
            cancel_requested_at=None,
            published_at=None,
            finished_at=None,
        )
        if not resumed:
            raise ModelRefused("Somebody else changed this job at the same moment. Look again.")
        transaction.on_commit(partial(job_publish, job.pk))
    job.refresh_from_db()
    return job


def data_folder() -> Path | None:
    """The configured folder with the data sets; None without one."""
    return Path(settings.TRAINING_DATA_DIR) if settings.TRAINING_DATA_DIR else None


def job_create(**fields: Any) -> ModelJob:
    """Create a queued job and publish its message after the commit."""
    by = fields.pop("by")
    with transaction.atomic():
        job = ModelJob.objects.create(requested_by=by, **fields)
        transaction.on_commit(partial(job_publish, job.pk))
    return job


def version_name_check(modality: str, version: str) -> None:
    """Raises :class:`ModelRefused` for a malformed name, an existing one, or one reserved by a job under way."""
    if not VERSION_NAME.fullmatch(version):
        raise ModelRefused("A version is named with letters, digits, points and dashes, at most 100 of them.")
    if ModelVersion.objects.filter(modality=modality, version=version).exists():
        raise ModelRefused(f"There is already a version {version} of this modality. Give the new one another name.")
    # A resumed job may find its name taken since; its registration is then refused.
    if ModelJob.objects.active().filter(modality=modality, options__version=version).exists():
        raise ModelRefused(f"A job that is under way makes a version {version}. Give the new one another name.")


def upload_discard(job: ModelJob) -> None:
    """Remove the uploaded file of an import."""
    if job.upload.name:
        default_storage.delete(job.upload.name)
        ModelJob.objects.filter(pk=job.pk).update(upload="")


def _training_options(modality: str, options: dict[str, Any]) -> dict[str, Any]:
    if unknown := sorted(options.keys() - TRAINING_OPTIONS):
        raise ModelRefused(f"A training has no option {unknown[0]}.")
    version = options.get("version") or f"trained-{timezone.now():%Y%m%d-%H%M%S}"
    version_name_check(modality, str(version))
    epochs, seed, recipe = options.get("epochs"), options.get("seed") or 0, options.get("recipe") or ""
    if epochs is not None and not (isinstance(epochs, int) and 1 <= epochs <= MOST_EPOCHS):
        raise ModelRefused(f"The number of epochs must be between 1 and {MOST_EPOCHS}.")
    if not (isinstance(seed, int) and 0 <= seed < 2**31):
        raise ModelRefused("The seed must be a whole number from 0.")
    if recipe and not VERSION_NAME.fullmatch(str(recipe)):
        raise ModelRefused("There is no such recipe.")
    return {"version": str(version), "recipe": str(recipe), "epochs": epochs, "seed": seed}
