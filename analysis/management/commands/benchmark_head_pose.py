"""Measure the robustness of the networks for face and eyes to head pose."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml.artifacts import ModelUnavailable
from ml.training.errors import TrainingError


class Command(BaseCommand):
    help = "Turn and shear test faces (FER2013 PublicTest) and measure the accuracy of the shipped networks."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with fer2013.npz")
        parser.add_argument("--faces", type=int, help="how many faces to turn")
        parser.add_argument("--json", help="write the figures as JSON to this file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.benchmarks import head_pose
        from ml.training.commands.run import dump

        try:
            found = head_pose.measure(options["data"], faces=options["faces"] or head_pose.FACES)
        except (TrainingError, ModelUnavailable) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"]:
            dump(found, options["json"], self.stdout)
        if options["json"] == "-":
            return
        self.stdout.write(f"{found['faces']} faces; {found['models']}")
        for name, row in found["turns"].items():
            face, eyes = row["facial_expression"], row["eye_emotion"]
            self.stdout.write(
                f"  {name:14} face {face['accuracy']:6.1%} (keeps {face['kept']:.0%})   "
                f"eyes {eyes['accuracy']:6.1%} (keeps {eyes['kept']:.0%})   lost {row['lost']}"
            )
