"""Measure what the analysis of a recording costs, beside bare decoding and beside another version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from analysis.pipeline import MediaError, Options, analyze_recording
from ml.artifacts import ModelUnavailable
from ml.training.errors import TrainingError


class Command(SentenceCommand):
    help = (
        "Analyse VIDEO several times in turn with bare decoding, and with --compare in turn with another version of "
        "this project, and print processor and wall seconds, milliseconds per frame and stage, and peak memory."
    )
    expected = (TrainingError, ModelUnavailable, MediaError)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("video", type=Path, help="a recording with a face and speech")
        parser.add_argument("--fps", type=float, default=settings.ANALYSIS_FPS, help="frames looked at per second")
        parser.add_argument("--compare", metavar="COMMIT|FOLDER", help="another version of this project")
        parser.add_argument("--pairs", type=int, default=3, help="how often all take their turn (default: %(default)s)")
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks.cost import analysis

        video, fps = options["video"], options["fps"]
        if not video.is_file():
            raise TrainingError(f"There is no file {video}.")

        def stages() -> dict[str, Any]:
            found = analyze_recording(video, options=Options(fps=fps))
            return {"duration_s": found.info.duration_s, "frames": found.frames, "timing": found.timing}

        result = analysis.benchmark(
            video,
            fps=fps,
            stages=stages,
            compare=options["compare"],
            pairs=max(1, options["pairs"]),
            progress=lambda done, of: self.show_progress(done, of, "turns"),
        )
        self.show(lambda: analysis.text(result), result, options)
