"""Measure eye gaze on rendered faces with known gaze, beside the paper's rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from ml import artifacts
from ml.modalities import EYE_GAZE
from ml.training.errors import TrainingError


class Command(SentenceCommand):
    help = (
        "Render people with known gaze, measure it calibrated, uncalibrated and by the paper's rule, and print the "
        "accuracy, flicker and latency of each. Without --videos all people are rendered from the portrait that ships."
    )

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
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks.gaze import report, run
        from ml.benchmarks.gaze.packaging import renew

        if options["card"] and (options["chosen_on"] or options["condition"] or options["people"]):
            raise TrainingError("A card holds the whole benchmark: leave --chosen-on, --condition and --people out.")
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
        self.show(lambda: report.text(result.metrics), result.metrics, options)

    def _progress(self, done: int, of: int) -> None:
        self.show_progress(done, of, "sessions")
