"""Print the paper's Table 1 beside the figures of the installed versions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from ml.artifacts import ModelUnavailable
from ml.training.commands import paper_table
from ml.training.errors import TrainingError


class Command(SentenceCommand):
    help = "Print the paper's Table 1 beside our figures, by protocol, from the stored evaluations."
    expected = (TrainingError, ModelUnavailable, OSError, ValueError)

    def add_arguments(self, parser: CommandParser) -> None:
        self.add_json_argument(parser, "table")

    def run(self, options: dict[str, Any]) -> None:
        found = paper_table.lines()
        self.show(lambda: paper_table.text(found), {"rows": [line.to_json() for line in found]}, options)
