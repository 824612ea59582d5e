"""Write the demo recording: a free portrait that moves, blinks and talks with a synthesised voice."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ml.demo.recording import write_demo_recording
from ml.demo.speech import SpeechError


class Command(BaseCommand):
    help = "Write the demo recording (36 s, .mp4) that the first start analyses."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, required=True, metavar="PATH", help="Where to write it (.mp4).")

    def handle(self, *args: Any, output: Path | str, **options: Any) -> None:
        path = Path(output)
        if path.suffix.lower() != ".mp4":
            raise CommandError("The demo recording is an .mp4 file: give --output a name that ends in .mp4.")
        try:
            write_demo_recording(path)
        except (SpeechError, OSError) as error:
            raise CommandError(f"The demo recording could not be written: {error}") from error
        if options["verbosity"] > 0:
            self.stdout.write(f"Wrote {path}.")
