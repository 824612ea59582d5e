"""Measure eye gaze on rendered faces with known gaze, beside the paper's rule."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml import artifacts
from ml.modalities import EYE_GAZE


class Command(BaseCommand):
    help = (
        "Render people with known gaze, measure it calibrated, uncalibrated and by the paper's rule, and print the "
        "accuracy, flicker and latency of each. Without --videos all people are rendered from the portrait that ships."
    )
    requires_system_checks: list[str] = []

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Django's own --version prints Django's version, which nobody asks of this command.
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--version", dest="model_version", help="which version; default: the modality's default")
        parser.add_argument("--videos", type=Path, help="folder with recordings of further people")
        parser.add_argument(
            "--chosen-on",
            action="store_true",
            help="the people on whom parameters are chosen, instead of those who are reported",
        )
        parser.add_argument("--condition", action="append", help="only this condition; may be repeated")
        parser.add_argument("--people", type=int, help="only so many people")
        parser.add_argument("--card", action="store_true", help="write figures and card into the version's folder")
        parser.add_argument("--json", help="write the figures as JSON to this file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.benchmarks.gaze import report, run
        from ml.benchmarks.gaze.packaging import renew
        from ml.training.commands.run import dump
        from ml.training.errors import TrainingError

        if options["card"] and (options["chosen_on"] or options["condition"] or options["people"]):
            self.stderr.write("A card holds the whole benchmark: leave --chosen-on, --condition and --people out.")
            sys.exit(2)
        try:
            artifact = artifacts.find(EYE_GAZE, options["model_version"])
            result = run.benchmark(
                artifact=artifact,
                videos=options["videos"],
                chosen_on=options["chosen_on"],
                conditions=run.conditions_named(options["condition"]),
                people_at_most=options["people"],
                progress=self._progress if options["verbosity"] > 0 else lambda done, of: None,
            )
            if options["card"]:
                renew(artifact, result)
            if options["json"]:
                dump(result.metrics, options["json"], self.stdout)
        except (run.BenchmarkError, TrainingError, artifacts.ModelUnavailable) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"] != "-":
            self.stdout.write(report.text(result.metrics))

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r{done} of {of} sessions", ending="" if done < of else "\n")
        self.stderr.flush()
