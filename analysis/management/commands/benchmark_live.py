"""``manage.py benchmark_live VIDEO``: measure the delay of live readings on this machine."""

import asyncio
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.management.commands._own_installation import prepare_inside, run_in_own_installation


class Command(BaseCommand):
    help = (
        "Start the real server in an installation of its own, drive it over real WebSockets with the frames and the "
        "sound of VIDEO, and print how old readings are when a recruiter's socket receives them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("video", type=Path, help="a recording with a face, and with sound if possible")
        parser.add_argument("--sessions", type=int, default=1, help="candidates at once, each with a host")
        parser.add_argument("--fps", type=float, default=10.0, help="frames a second of each")
        parser.add_argument("--seconds", type=float, default=30.0, help="how long to measure")
        parser.add_argument("--json", metavar="PATH", help="write the figures there; - is standard output")
        parser.add_argument("--inside", action="store_true", help="used by itself: in the temporary installation")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["video"].is_file():
            raise CommandError(f"There is no file {options['video']}.")
        if options["sessions"] < 1 or options["fps"] <= 0 or options["seconds"] <= 0:
            raise CommandError("Sessions, fps and seconds must be positive.")
        if options["inside"]:
            self._inside(options)
            return
        run_in_own_installation()

    def _inside(self, options: dict[str, Any]) -> None:
        prepare_inside()
        from analysis.live.benchmark.run import measure
        from analysis.live.benchmark.server import rooms_seed, server
        from analysis.management.commands._live_load import load_of

        load = load_of(options["video"], fps=options["fps"], seconds=options["seconds"])
        rooms = rooms_seed(options["sessions"])
        with server() as running:
            figures = asyncio.run(measure(running, rooms, load))
        text = json.dumps(figures, indent=2)
        if options["json"] and options["json"] != "-":
            Path(options["json"]).write_text(text + "\n")
        else:
            self.stdout.write(text)
