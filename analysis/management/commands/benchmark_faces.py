"""Measure corruption robustness and crop framing of the face networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand


class Command(SentenceCommand):
    help = (
        "Accuracy and shares of every installed face version on FER2013 faces that are dark, blurred, compressed, "
        "coarse, covered, turned or cut beside the face, and by the margins of crops cut by our own landmarks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with fer2013.npz")
        parser.add_argument(
            "--split",
            choices=("public", "private"),
            default="public",
            help="default: public, on which choices are made; the cards show private",
        )
        parser.add_argument("--faces", type=int, help="how many faces to measure on, chosen by chance; default: all")
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks import face_crops

        found = face_crops.measure(options["data"], split=options["split"], faces=options["faces"])
        self.show(lambda: face_crops.text(found), found, options)
