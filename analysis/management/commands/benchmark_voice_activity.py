"""Measure voice activity detection in noise, and its false alarms on other sounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand

PARTS = ("noise", "pitch", "bandwidth", "unread")


class Command(SentenceCommand):
    help = (
        "Measure voice activity detection. Parts: noise (RAVDESS clips mixed with noise; sounds that nobody speaks), "
        "pitch (flat, chanted and sung speech), bandwidth (narrow-band sound), unread (clips of RAVDESS and nEMO "
        "without a window of speech: all of them, for minutes)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with ravdess/")
        parser.add_argument(
            "--chosen-on", action="store_true", help="the half that choices are made on, not the one that is reported"
        )
        parser.add_argument(
            "--clips",
            type=int,
            help="so many clips of each actor; pitch takes 4 times as many of a corpus, bandwidth 8 times the speakers",
        )
        parser.add_argument("--sounds", type=int, help="so many of each sound that nobody speaks")
        parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS[:-1], help="all but unread by default")
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        from ml.benchmarks.voice import flat_speech, missed_speech, narrow_band, voice_activity

        clips = options["clips"]
        progress = self.show_progress if options["verbosity"] > 0 else lambda done, of: None
        half = {"chosen_on": options["chosen_on"]}
        sizes = {
            "noise": half
            | {
                "clips_per_actor": clips or voice_activity.CLIPS_PER_ACTOR,
                "sounds_each": options["sounds"] or voice_activity.SOUNDS_EACH,
            },
            "pitch": half | {"clips_each": 4 * clips if clips else flat_speech.CLIPS_EACH},
            "bandwidth": half | {"speakers": 8 * clips if clips else narrow_band.SPEAKERS},
        }
        benchmarks: dict[str, Any] = {
            "noise": voice_activity,
            "pitch": flat_speech,
            "bandwidth": narrow_band,
            "unread": missed_speech,
        }
        figures = {
            part: benchmarks[part].measure(options["data"], progress=progress, **sizes.get(part, {}))
            for part in options["parts"]
        }
        self.show(lambda: "\n".join(benchmarks[part].text(one) for part, one in figures.items()), figures, options)
