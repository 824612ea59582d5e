"""Measure transcription: real-time factor and memory on a recording, and the accuracy of the language guard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from ml.media.errors import MediaError
from ml.training.errors import TrainingError
from ml.whisper import WhisperMissing


class Command(SentenceCommand):
    help = (
        "Write the transcript of FILE and print the real-time factor and the peak memory; with --data, read English, "
        "foreign speech and sounds that nobody speaks, and print how many of each get a transcript."
    )
    expected = (TrainingError, MediaError, WhisperMissing)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a recording")
        parser.add_argument("--data", type=Path, help="folder with ordinary_talk/, ravdess/ and nemo/")
        parser.add_argument("--threads", type=int, default=settings.TRANSCRIPT_THREADS)
        parser.add_argument("--each", type=int, help="at most so many recordings of each group")
        parser.add_argument(
            "--chosen-on", action="store_true", help="the half that thresholds were chosen on, not the reported one"
        )
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks import transcript

        figures: dict[str, Any] = {}
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
        self.show(lambda: transcript.text(figures), figures, options)

    def _progress(self, done: int, of: int) -> None:
        self.show_progress(done, of, "recordings")
