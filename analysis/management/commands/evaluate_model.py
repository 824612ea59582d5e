"""Measure an installed version of a recogniser on a split of its data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.artifacts import WEIGHTS
from ml.training.commands import run
from ml.training.commands.report import evaluation_text


class Command(ModelCommand):
    help = "Measure the shipped file of a recogniser: accuracy, macro-F1, UAR, calibration error, recalls, confusion."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", required=True, type=Path, help="folder with fer2013.npz, ravdess/, eye_strips/")
        parser.add_argument("--split", choices=run.SPLITS, default="private", help="default: private, the test")
        parser.add_argument(
            "--card", action="store_true", help="measure all figures of the version's card anew, and write them there"
        )
        parser.add_argument("--json", help="write the figures as JSON to this file, or - for standard output")
        parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the version lies; default: ml/weights")
        parser.add_argument("--work", type=Path, help="caches; default: VAR_DIR/training")

    def run(self, options: dict[str, Any]) -> None:
        version, data, weights = options["model_version"], options["data"], options["weights"]
        work = options["work"] or Path(settings.VAR_DIR) / "training"
        if options["card"]:
            artifact = run.renew_card(options["modality"], version=version, data=data, work=work, weights=weights)
            self.stdout.write(f"{artifact.folder}: measured anew")
            return
        result = run.evaluate(
            options["modality"], version=version, data=data, split=options["split"], weights=weights, work=work
        )
        if options["json"] != "-":
            self.stdout.write(evaluation_text(result))
        if options["json"]:
            run.dump(result, options["json"], self.stdout)
