"""The base of the commands that train, measure and register recognisers."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml.artifacts import ModelUnavailable
from ml.training.errors import TrainingError


class SentenceCommand(BaseCommand):
    """Errors of the types ``expected`` end in one sentence on standard error and exit status 2.

    The commands of the registry exit with status 1 instead (:class:`RegistryCommand`).
    """

    requires_system_checks: list[str] = []
    expected: tuple[type[Exception], ...] = (TrainingError, ModelUnavailable)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Frees the option --version, with which Django prints its own version.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.run(options)
        except self.expected as error:
            self.fail(error)

    def run(self, options: dict[str, Any]) -> None:
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        self.stderr.write(str(error))
        sys.exit(2)

    def add_json_argument(self, parser: CommandParser, what: str = "figures") -> None:
        parser.add_argument("--json", help=f"write the {what} as JSON to this file, or - for standard output")

    def show(self, text: Callable[[], str], result: dict[str, Any], options: dict[str, Any]) -> None:
        """Print ``text``, unless ``--json -`` takes standard output, and write ``result`` to the ``--json`` file."""
        if options["json"] != "-":
            self.stdout.write(text())
        if options["json"]:
            self._write_json(result, options["json"])

    def show_progress(self, done: int, of: int, unit: str = "") -> None:
        """A line on standard error that is overwritten until ``done`` is ``of``."""
        self.stderr.write(f"\r{done} of {of}{f' {unit}' if unit else ''}", ending="" if done < of else "\n")
        self.stderr.flush()

    def _write_json(self, result: dict[str, Any], target: str) -> None:
        text = json.dumps(result, indent=1)
        if target == "-":
            self.stdout.write(text + "\n")
            return
        try:
            Path(target).write_text(text + "\n")
        except OSError as error:
            raise TrainingError(f"{target} cannot be written ({error.strerror}).") from error
