"""The import of an uploaded file. Native code and Keras parse it in a separate process, never in this one."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

from django.core.files.storage import default_storage
from django.db import transaction

from analysis.models import ModelVersion
from analysis.services.errors import ModelRefused
from analysis.services.jobs.attempt import Attempt, JobRefused
from analysis.services.jobs.evaluating import version_evaluate
from analysis.services.jobs.requests import data_folder
from analysis.services.registry.versions import model_version_register
from ml.confinement import budgets, programs
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)

CONVERTED_SHARE: Final = 0.7
_CRASHED: Final = "This file made the program that checks it break off, so it was refused. Save the model again."
_TOO_LATE: Final = (
    "The check of this file did not end in time: it needs more time than a recogniser here may, or this server is"
    " too busy. Upload it again later."
)
_TOO_HEAVY: Final = "This network takes more memory or time to check than a recogniser here may. Send a smaller one."


def version_import(attempt: Attempt) -> ModelVersion:
    """Inspect, convert and try the job's file, register it as a candidate, and measure it where there is data.

    Raises :class:`JobRefused` with a sentence for the administrator.
    """
    version = attempt.job.model_version  # an earlier attempt has registered it
    if version is None:
        version = _register(attempt)
    if data_folder() is not None:
        try:
            version_evaluate(attempt, version, begin=CONVERTED_SHARE)
        except JobRefused as error:
            # The version stays a candidate; without an evaluation, its activation needs a written reason.
            attempt.log(f"It could not be evaluated: {error}")
            attempt.store(result={"evaluation_problem": str(error)})
    return version


def _register(attempt: Attempt) -> ModelVersion:
    job = attempt.job
    with tempfile.TemporaryDirectory(prefix="candor-import-") as folder:
        upload, output = Path(folder) / "upload", Path(folder) / "version"
        try:
            with default_storage.open(job.upload.name or "") as source, upload.open("wb") as target:
                shutil.copyfileobj(source, target, 1024 * 1024)
        except FileNotFoundError as error:
            raise JobRefused("The uploaded file is missing from storage. Upload it again.") from error
        manifest = _convert(attempt, upload, output)
        try:
            with transaction.atomic():
                version = model_version_register(
                    folder=output,
                    source=ModelVersion.Source.UPLOADED,
                    by=job.requested_by,
                    by_name=job.options.get("by_name", ""),
                    latency_ms=manifest["training"]["probe_latency_ms"],
                )
                attempt.store(model_version=version)
        except ModelRefused as error:
            raise JobRefused(str(error)) from error
    return version


def _convert(attempt: Attempt, upload: Path, output: Path) -> dict[str, Any]:
    options = attempt.job.options
    arguments: list[str | Path] = [upload, "--output", output]
    asked = {key: options[key] for key in ("name", "version", "data", "licence")} | {
        "modality": attempt.job.modality,
        "labels": ",".join(options["labels"]),
        "preprocessing": json.dumps(options["preprocessing"]),
    }
    arguments += [f"--{name}={value}" for name, value in asked.items()]
    answer: dict[str, Any] = {}

    def on_output_line(line: str) -> None:
        event = json.loads(line)
        if "stage" in event:
            attempt.log(event["stage"])
            attempt.stage(event["stage"], CONVERTED_SHARE * event["share"])
        else:
            answer.update(event)

    policy = Policy.of(budgets.model_conversion(), readable=[upload], writable=[output.parent])
    try:
        status = attempt.run_confined("ml.imports.convert", arguments, policy=policy, on_output=on_output_line)
    except programs.ProgramTimeout as error:
        raise JobRefused(_TOO_LATE) from error
    except programs.ProgramKilled as error:
        logger.warning("The import of job %s: %s", attempt.job.pk, error)
        raise JobRefused(_TOO_HEAVY if error.needs_memory else _CRASHED) from error
    if not answer:
        logger.warning("The import of job %s ended with status %s", attempt.job.pk, status)
        raise JobRefused(_CRASHED)
    if not answer["ok"]:
        raise JobRefused(answer["sentence"])
    return dict(answer["manifest"])
