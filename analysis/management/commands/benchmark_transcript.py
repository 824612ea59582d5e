"""Measure the transcript: its real-time factor and memory on a recording, and how often its guard is right."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from ml.media.errors import MediaError
from ml.training.errors import TrainingError
from ml.whisper import WhisperMissing


class Command(BaseCommand):
    help = (
        "Write the transcript of FILE and print the real-time factor and the peak memory; with --data, read English, "
        "foreign speech and sounds that nobody speaks, and print how many of each get a transcript."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording")
        parser.add_argument("--data", type=Path, help="folder with ordinary_talk/, ravdess/ and nemo/")
        parser.add_argument("--threads", type=int, default=settings.TRANSCRIPT_THREADS)
        parser.add_argument("--each", type=int, help="at most so many recordings of each group")
        parser.add_argument(
            "--chosen-on", action="store_true", help="the half that thresholds were chosen on, not the reported one"
        )
        parser.add_argument("--json", help="write the figures as JSON to this file, or - for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        from ml.benchmarks import transcript
        from ml.training.commands.run import dump

        figures: dict[str, Any] = {}
        try:
            if options["file"]:
                figures["recording"] = transcript.measure_recording(options["file"], threads=options["threads"])
            if options["data"]:
                figures["guard"] = transcript.measure_guard(
                    options["data"],
                    threads=options["threads"],
                    chosen_on=options["chosen_on"],
                    each=options["each"] or transcript.EACH,
                    progress=self._progress if options["verbosity"] > 0 else lambda done, of: None,
                )
            if not figures:
                raise TrainingError("Name a recording, or the folder of the speech corpora with --data, or both.")
            if options["json"]:
                dump(figures, options["json"], self.stdout)
        except (TrainingError, MediaError, WhisperMissing) as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["json"] != "-":
            self.stdout.write(transcript.text(figures))

    def _progress(self, done: int, of: int) -> None:
        self.stderr.write(f"\r{done} of {of} recordings", ending="" if done < of else "\n")
        self.stderr.flush()
