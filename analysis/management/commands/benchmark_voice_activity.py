"""Measure where speech is found in noise, and what else is taken for it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ml.training.errors import TrainingError


class Command(BaseCommand):
    help = (
        "Mix RAVDESS clips with noise and measure how much of the speech is found and what is found before and after "
        "it; make sounds that nobody speaks and measure how many windows of them would be named."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with ravdess/")
        parser.add_argument(
            "--chosen-on", action="store_true", help="the half that choices are made on, not the one that is reported"
        )
        parser.add_argument("--clips", type=int, help="so many clips of each actor")
        parser.add_argument("--sounds", type=int, help="so many of each sound that nobody speaks")
        parser.add_argument("--json", help="write the figures as JSON to this file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.speech_emotion import voice_benchmark
        from ml.training.commands import dump

        try:
            figures = voice_benchmark.measure(
                options["data"],
                chosen_on=options["chosen_on"],
                clips_per_actor=options["clips"] or voice_benchmark.CLIPS_PER_ACTOR,
                sounds_each=options["sounds"] or voice_benchmark.SOUNDS_EACH,
                progress=self._progress if options["verbosity"] > 0 else lambda done, of: None,
            )
            if options["json"]:
                dump(figures, options["json"], self.stdout)
        except TrainingError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"] != "-":
            self.stdout.write(voice_benchmark.text(figures))

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r{done} of {of} conditions and sounds", ending="" if done < of else "\n")
        self.stderr.flush()
