"""The import of an uploaded file. Native code and Keras parse it in a separate process, never in this one."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import sys
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
from analysis.services.programs import ProgramTimeout
from analysis.services.registry.versions import model_version_register

logger = logging.getLogger(__name__)

TIMEOUT_S: Final = 3600
"""Wall-clock limit in seconds, long because the program has low priority on a busy machine.

:mod:`ml.imports.lockdown` limits the processor time of a network.
"""
CONVERTED_SHARE: Final = 0.7
_CRASHED: Final = "This file made the program that checks it break off, so it was refused. Save the model again."
_TOO_LATE: Final = "The check of this file did not end within an hour: this server is too busy. Upload it again later."
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
    command: list[str | Path] = [sys.executable, "-m", "ml.imports.convert", upload, "--output", output]
    asked = {key: options[key] for key in ("name", "version", "data", "licence")} | {
        "modality": attempt.job.modality,
        "labels": ",".join(options["labels"]),
        "preprocessing": json.dumps(options["preprocessing"]),
    }
    command += [f"--{name}={value}" for name, value in asked.items()]
    answer: dict[str, Any] = {}

    def on_output_line(line: str) -> None:
        event = json.loads(line)
        if "stage" in event:
            attempt.log(event["stage"])
            attempt.stage(event["stage"], CONVERTED_SHARE * event["share"])
        else:
            answer.update(event)

    # The environment of this process is not passed on, because it holds keys and addresses.
    environment = {"PATH": os.defpath, "HOME": str(output.parent), "TMPDIR": str(output.parent), "LANG": "C.UTF-8"}
    try:
        status = attempt.run(command, on_output=on_output_line, timeout_s=TIMEOUT_S, environment=environment)
    except ProgramTimeout as error:
        raise JobRefused(_TOO_LATE) from error
    if not answer:
        logger.warning("The import of job %s ended with status %s", attempt.job.pk, status)
        heavy = status in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGXFSZ)
        raise JobRefused(_TOO_HEAVY if heavy else _CRASHED)
    if not answer["ok"]:
        raise JobRefused(answer["sentence"])
    return dict(answer["manifest"])
