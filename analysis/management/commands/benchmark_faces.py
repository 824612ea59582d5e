"""Measure how faces that come worse, or are cut otherwise, are read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml.artifacts import ModelUnavailable
from ml.training.errors import TrainingError


class Command(BaseCommand):
    help = (
        "Accuracy and shares of every installed face version on FER2013 faces that are dark, blurred, compressed, "
        "coarse, covered, turned or cut beside the face, and by the margins of crops cut by our own landmarks."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with fer2013.npz")
        parser.add_argument(
            "--split",
            choices=("public", "private"),
            default="public",
            help="default: public, on which choices are made; the cards show private",
        )
        parser.add_argument("--faces", type=int, help="how many faces to measure on, chosen by chance; default: all")
        parser.add_argument("--json", help="write the figures as JSON to this file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.benchmarks import face_crops
        from ml.training.commands.run import dump

        try:
            found = face_crops.measure(options["data"], split=options["split"], faces=options["faces"])
            if options["json"]:
                dump(found, options["json"], self.stdout)
        except (TrainingError, ModelUnavailable) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"] != "-":
            self.stdout.write(face_crops.text(found))
