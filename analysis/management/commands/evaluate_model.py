"""Measure an installed version of a recogniser on a split of its data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.artifacts import WEIGHTS
from ml.training.commands.report import evaluation_text
from ml.training.commands.versions import SPLITS, evaluate_version, renew_card


class Command(ModelCommand):
    help = "Measure the shipped file of a recogniser: accuracy, macro-F1, UAR, calibration error, recalls, confusion."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--data", required=True, type=Path, help="folder with fer2013.npz, ravdess/, eye_strips/")
        parser.add_argument("--split", choices=SPLITS, default="private", help="default: private, the test")
        parser.add_argument(
            "--card", action="store_true", help="measure all figures of the version's card anew, and write them there"
        )
        self.add_json_argument(parser)
        parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the version lies; default: ml/weights")
        parser.add_argument("--work", type=Path, help="caches; default: VAR_DIR/training")

    def run(self, options: dict[str, Any]) -> None:
        chosen: dict[str, Any] = {
            "version": options["model_version"],
            "data": options["data"],
            "weights": options["weights"],
            "work": self.work_folder(options),
        }
        if options["card"]:
            artifact = renew_card(options["modality"], **chosen)
            self.stdout.write(f"{artifact.folder}: measured anew")
            return
        result = evaluate_version(options["modality"], split=options["split"], **chosen)
        self.show(lambda: evaluation_text(result), result, options)
