"""Measure the robustness of the networks for face and eyes to head pose."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand


class Command(SentenceCommand):
    help = "Turn and shear test faces (FER2013 PublicTest) and measure the accuracy of the shipped networks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with fer2013.npz")
        parser.add_argument("--faces", type=int, help="how many faces to turn")
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks import head_pose

        found = head_pose.measure(options["data"], faces=options["faces"] or head_pose.FACES)
        lines = [f"{found['faces']} faces; {found['models']}"]
        for name, row in found["turns"].items():
            face, eyes = row["facial_expression"], row["eye_emotion"]
            lines.append(
                f"  {name:14} face {face['accuracy']:6.1%} (keeps {face['kept']:.0%})   "
                f"eyes {eyes['accuracy']:6.1%} (keeps {eyes['kept']:.0%})   lost {row['lost']}"
            )
        self.show(lambda: "\n".join(lines), found, options)
