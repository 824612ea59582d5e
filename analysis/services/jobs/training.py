"""A training, with ``manage.py train_model``.

Every epoch ends in a checkpoint in the job's own folder, from which the next attempt resumes after an interruption.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from django.conf import settings
from django.db import transaction

from analysis.models import ModelJob, ModelVersion
from analysis.services.errors import ModelRefused
from analysis.services.jobs.attempt import Attempt, JobRefused
from analysis.services.jobs.evaluating import attempt_command
from analysis.services.jobs.progress import training_progress
from analysis.services.jobs.requests import NO_DATA, data_folder
from analysis.services.registry.versions import model_version_register


def version_train(attempt: Attempt) -> ModelVersion:
    """Run or resume the requested training, and register the result as a candidate with its evaluation.

    Raises :class:`JobRefused` with a sentence for the administrator.
    """
    job, data = attempt.job, data_folder()
    if job.model_version is not None:
        return job.model_version  # an earlier attempt registered it, but could not store its success
    if data is None:
        raise JobRefused(NO_DATA)
    folder = job_folder(job)
    output = folder / "output"
    options = job.options
    asked: list[str | Path] = ["train_model", job.modality, "--data", data, "--work", folder / "work"]
    asked += ["--output", output, "--save-as", options["version"], "--seed", str(options["seed"]), "--resume"]
    if options["recipe"]:
        asked += ["--version", options["recipe"]]
    if options["epochs"]:
        asked += ["--epochs", str(options["epochs"])]

    def on_error_line(line: str) -> bool:
        progress = training_progress(line)
        if progress is not None:
            attempt.report(progress)
        return progress is not None

    attempt.stage("Reading the data", 0.0)
    attempt_command(attempt, *asked, on_error=on_error_line)
    attempt.stage("Registering the version", 0.99)
    made = output / job.modality / options["version"]
    try:
        with transaction.atomic():
            version = model_version_register(
                folder=made,
                source=ModelVersion.Source.TRAINED,
                by=job.requested_by,
                latency_ms=_latency_ms(attempt, made / "model.tflite"),
            )
            attempt.store(model_version=version)
    except ModelRefused as error:
        raise JobRefused(str(error)) from error
    shutil.rmtree(folder, ignore_errors=True)
    return version


def _latency_ms(attempt: Attempt, network: Path) -> float | None:
    """Latency of one prediction; None when it could not be measured, which does not fail the training."""
    output: list[str] = []
    status = attempt.run([sys.executable, "-m", "ml.imports.latency", network], on_output=output.append)
    try:
        return float(output[-1]) if status == 0 and output else None
    except ValueError:
        return None


def job_folder(job: ModelJob) -> Path:
    """Checkpoints and results of a training, on the machine of its worker."""
    return Path(settings.MODEL_JOBS_DIR) / str(job.pk)
