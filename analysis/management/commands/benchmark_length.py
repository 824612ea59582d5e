"""Measure what the analysis costs against the length of the recording, and write the page with the plot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from analysis.pipeline import MediaError
from ml.training.errors import TrainingError


class Command(SentenceCommand):
    help = (
        "Analyse VIDEO, repeated to several lengths, and print processor and wall seconds and peak memory; with --page "
        "also write them as a page with a plot."
    )
    expected = (TrainingError, MediaError)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("video", type=Path, help="a short recording with a face and speech")
        parser.add_argument("--minutes", type=float, nargs="+", default=[1, 5, 15, 60], help="lengths")
        parser.add_argument(
            "--fps", type=float, nargs="+", default=[settings.ANALYSIS_FPS], help="frames looked at per second"
        )
        parser.add_argument("--page", type=Path, metavar="FOLDER", help="write performance.md and its plot there")
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks.cost import lengths

        if not options["video"].is_file():
            raise TrainingError(f"There is no file {options['video']}.")
        if options["page"] is not None and not options["page"].is_dir():
            raise TrainingError(f"There is no folder {options['page']}.")
        result = lengths.benchmark(
            options["video"],
            minutes=options["minutes"],
            rates=options["fps"],
            progress=lambda done, of: self.show_progress(done, of, "recordings"),
        )
        if options["page"] is not None:
            lengths.write_page(result, options["page"])
        self.show(lambda: lengths.text(result), result, options)
