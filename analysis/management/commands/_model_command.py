"""What the commands that train, measure and describe recognisers share."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml.artifacts import ModelUnavailable
from ml.training.errors import TrainingError


class ModelCommand(BaseCommand):
    """A command about one model version: ``--version`` names it, and an error is one sentence and exit status 2."""

    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own --version prints Django's version, which nobody asks of these commands.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("modality", help="facial_expression, eye_emotion, eye_gaze or speech_emotion")
        parser.add_argument("--version", dest="model_version", help="which version; default: the modality's default")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run(options)
        except (TrainingError, ModelUnavailable) as error:
            self.stderr.write(str(error))
            sys.exit(2)

    def run(self, options: dict[str, Any]) -> None:
        raise NotImplementedError
