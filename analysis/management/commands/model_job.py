"""Train or evaluate for the registry, in this process, with the log on standard output."""

from __future__ import annotations

import time
from typing import Any, Final

from django.core.management.base import CommandError, CommandParser

from analysis.management.commands._registry_command import VersionCommand
from analysis.models import ModelJob
from analysis.services import model_job_execute, model_job_request
from interviews.models import User

ASK_EVERY_S: Final = 0.5


class Command(VersionCommand):
    help = (
        "Train a version, which ends as a candidate, or evaluate a registered one (--evaluate) with the data folder "
        "of this server. The administration shows, cancels and resumes these jobs like its own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--evaluate", action="store_true", help="evaluate the version instead of training one")
        parser.add_argument("--recipe", default="", help="training: the version whose trainer is followed")
        parser.add_argument("--epochs", type=int, help="training: default: as many as the recipe says")
        parser.add_argument("--seed", type=int, default=0, help="training: default: 0")

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        asked: dict[str, Any] = {"kind": ModelJob.Kind.TRAIN, "modality": options["modality"], "by": by}
        if options["evaluate"]:
            asked |= {"kind": ModelJob.Kind.EVALUATE, "model_version": self.version(options)}
        else:
            training = {key: options[key] for key in ("recipe", "epochs", "seed")}
            asked["options"] = training | {"version": options["version"] or options["version_option"]}
        job = model_job_request(**asked)
        model_job_execute(job_id=job.pk)
        job.refresh_from_db()
        while job.is_active:  # a worker has claimed it
            time.sleep(ASK_EVERY_S)
            job.refresh_from_db()
        self.stdout.write(job.log)
        if job.status != ModelJob.Status.SUCCEEDED or job.model_version is None:
            raise CommandError(job.failure_reason or f"The job was {job.get_status_display().lower()}.")
        done = "is evaluated" if options["evaluate"] else f"is a candidate of {job.modality}"
        self.stdout.write(f"{job.model_version.label} {done}.")
