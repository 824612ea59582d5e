"""Measure speaker attribution: whose speech it is, in recordings of two people that are built for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand


class Command(SentenceCommand):
    help = (
        "Build recordings of two people from recordings of one who talks in view, of others who are silent, and from "
        "other voices, with the voices in two channels and mixed, and measure the share of the speech that is "
        "attributed to the right one. Building them takes minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "videos", type=Path, help="folder with recordings of people who talk, and are silent, in view"
        )
        parser.add_argument("data", type=Path, help="folder with ravdess/ and ordinary_talk/")
        parser.add_argument("--each", type=int, help="so many interviewers for each candidate")
        parser.add_argument(
            "--development", action="store_true", help="the people on whom the constants were chosen, not the others"
        )
        parser.add_argument(
            "--kept", type=Path, help="folder for what is measured of the built recordings; read if it is there"
        )
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks.speakers import run
        from ml.benchmarks.speakers.people import DEVELOPMENT, REPORTED

        progress = self.show_progress if options["verbosity"] > 0 else lambda done, of: None
        figures = run.measure(
            options["videos"],
            options["data"],
            DEVELOPMENT if options["development"] else REPORTED,
            each=options["each"] or run.EACH,
            kept=options["kept"],
            progress=progress,
        )
        self.show(lambda: run.text(figures), figures, options)
