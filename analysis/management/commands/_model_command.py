"""Base of the commands about one model version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from ml.recognizers import RECOGNIZERS


class ModelCommand(SentenceCommand):
    """A command about one version: the modality and ``--version`` name it."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("modality", help=", ".join(RECOGNIZERS))
        parser.add_argument("--version", dest="model_version", help="which version; default: the modality's default")

    def work_folder(self, options: dict[str, Any]) -> Path:
        """The folder of checkpoints and caches: ``--work``, by default ``VAR_DIR/training``."""
        return options["work"] or Path(settings.VAR_DIR) / "training"
