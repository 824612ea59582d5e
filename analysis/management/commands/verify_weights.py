"""Verify the hashes of all networks that reports may be made with."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand

from ml import artifacts, whisper
from ml.faces import models as face_models
from ml.modalities import MODALITIES


class Command(BaseCommand):
    help = (
        "Verify all shipped weights by sha256. Exit status 1, and a sentence for each, when one is missing or damaged."
    )
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        checks: list[Callable[[], object]] = [
            *(partial(artifacts.find, modality) for modality in MODALITIES),
            *(partial(face_models.verify, name) for name in face_models.SHA256),
            whisper.verify,
        ]
        problems = []
        try:
            checks += [partial(artifacts.verify, artifact) for artifact in artifacts.installed()]
        except artifacts.ModelUnavailable as error:
            problems.append(str(error))
        for check in checks:
            try:
                check()
            except (artifacts.ModelUnavailable, face_models.FaceModelsMissing, whisper.WhisperMissing) as error:
                problems.append(str(error))
        for problem in dict.fromkeys(problems):
            self.stderr.write(problem)
        if problems:
            sys.exit(1)
        if options["verbosity"] > 0:
            self.stdout.write("All shipped weights are whole.")
