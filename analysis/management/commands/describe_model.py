"""Say what an installed version of a recogniser is."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._model_command import ModelCommand
from ml.training import commands
from ml.training.report import description_text


class Command(ModelCommand):
    help = "Print version, parameters, input, labels, sha256 and figures of a recogniser."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", help="write the description as JSON to this file, or - for standard output")

    def run(self, options: dict[str, Any]) -> None:
        result = commands.describe(options["modality"], version=options["model_version"])
        if options["json"] != "-":
            self.stdout.write(description_text(result))
        if options["json"]:
            commands.dump(result, options["json"], self.stdout)
