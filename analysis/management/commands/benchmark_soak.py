"""``manage.py benchmark_soak VIDEO``: the whole platform under load for an hour, its memory and files every minute."""

import asyncio
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.management.commands._own_installation import prepare_inside, run_in_own_installation


class Command(BaseCommand):
    help = (
        "Start the whole platform in an installation of its own, keep recordings in the queue while candidates talk in "
        "live rooms, and print memory and open files of every program each minute, and how much they grew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("video", type=Path, help="a recording with a face and speech")
        parser.add_argument("--recordings", type=int, default=20, help="how many wait or run at any time")
        parser.add_argument("--rooms", type=int, default=2, help="live rooms")
        parser.add_argument("--fps", type=float, default=5.0, help="frames a second of each candidate")
        parser.add_argument("--minutes", type=float, default=60.0, help="how long")
        parser.add_argument("--json", metavar="PATH", help="write the figures there; - is standard output")
        parser.add_argument("--inside", action="store_true", help="used by itself: in the temporary installation")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["video"].is_file():
            raise CommandError(f"There is no file {options['video']}.")
        if min(options["recordings"], options["rooms"], options["fps"], options["minutes"]) <= 0:
            raise CommandError("Recordings, rooms, fps and minutes must be positive.")
        if options["inside"]:
            self._inside(options)
        else:
            run_in_own_installation()

    def _inside(self, options: dict[str, Any]) -> None:
        prepare_inside()
        from analysis.live.benchmark.server import platform, rooms_seed
        from analysis.live.benchmark.soak import recordings_seed, soak
        from analysis.management.commands._live_load import load_of

        load = load_of(options["video"], fps=options["fps"], seconds=options["minutes"] * 60)
        rooms = rooms_seed(options["rooms"])
        recordings_seed(options["video"], options["recordings"])
        with platform() as (supervisor, server):
            figures = asyncio.run(
                soak(supervisor, server, rooms, load, recordings=options["recordings"], watched=self._show)
            )
        text = json.dumps(figures, indent=2)
        if options["json"] and options["json"] != "-":
            Path(options["json"]).write_text(text + "\n")
        else:
            self.stdout.write(text)

    def _show(self, row: dict[str, Any]) -> None:
        used = ", ".join(f"{name} {use['memory_mb']:.0f}/{use['files']}" for name, use in row["programs"].items())
        self.stderr.write(f"minute {row['minute']}: MB/files {used}; runs {row['runs']}")
