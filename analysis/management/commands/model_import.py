"""Import a .keras or .tflite file into the registry, as a candidate."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from django.core.files.base import File
from django.core.management.base import CommandError, CommandParser

from analysis.management.commands._registry_command import RegistryCommand
from analysis.models import ModelJob
from analysis.services.jobs import model_job_execute, model_upload_receive
from interviews.models import User

ASK_EVERY_S: Final = 0.5


class Command(RegistryCommand):
    help = (
        "Check a .keras or .tflite file without executing what is in it, convert it, try it, evaluate it where data is "
        "configured, and register it as a candidate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("file", type=Path, help="the .keras or .tflite file")
        parser.add_argument("--labels", required=True, help="names of the outputs in their order, separated by commas")
        parser.add_argument("--version", required=True, dest="version_name", help="what to call the version")
        parser.add_argument("--name", default="", help="a name that people recognise; default: the version")
        parser.add_argument("--mean", type=float, help="speech_emotion on MFCC: mean of its training inputs")
        parser.add_argument("--std", type=float, help="speech_emotion: their standard deviation")
        parser.add_argument("--data", default="", help="what it was trained on")
        parser.add_argument("--licence", default="", help="under which terms it may be used")

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        given = {key: options[key] for key in ("mean", "std") if options[key] is not None}
        try:
            stream = options["file"].open("rb")
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error
        with stream:
            job = model_upload_receive(
                file=File(stream, name=options["file"].name),
                modality=options["modality"],
                name=options["name"] or options["version_name"],
                version=options["version_name"],
                labels=[label.strip() for label in options["labels"].split(",")],
                preprocessing=given,
                data=options["data"],
                licence=options["licence"],
                by=by,
                by_name=by_name,
            )
        model_job_execute(job_id=job.pk)
        job.refresh_from_db()
        while job.is_active:  # a worker has claimed it
            time.sleep(ASK_EVERY_S)
            job.refresh_from_db()
        if job.status != ModelJob.Status.SUCCEEDED or job.model_version is None:
            raise CommandError(job.failure_reason or f"The import was {job.get_status_display().lower()}.")
        self.stdout.write(f"{job.model_version.label} is a candidate of {job.modality}.")
