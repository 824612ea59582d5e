"""Print the paper's Table 1 beside what the installed versions give."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml.artifacts import ModelUnavailable
from ml.training.commands import paper_table, run
from ml.training.errors import TrainingError


class Command(BaseCommand):
    help = "Print the paper's Table 1 beside our figures, by protocol, from the stored evaluations."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", help="write the table as JSON to this file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = paper_table.lines()
            if options["json"] != "-":
                self.stdout.write(paper_table.text(found))
            if options["json"]:
                run.dump({"rows": [line.to_json() for line in found]}, options["json"], self.stdout)
        except (TrainingError, ModelUnavailable, OSError, ValueError) as error:
            self.stderr.write(str(error))
            sys.exit(2)
