"""Write everything that this installation keeps to one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.errors import Refusal
from interviews.services.backups import backup_write


class Command(BaseCommand):
    help = "Write rows and media to one file, which is as confidential as they are. Encrypt it before it leaves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the archive to make, such as /backups/candor-2026-11-28.tar")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            manifest = backup_write(file)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        kept = f"{manifest['interviews']} interviews, {manifest['files']} files"
        self.stdout.write(f"{file} has {kept}.")
        if not manifest["media"]:
            self.stdout.write("The media are in the object store and not in it: use the versions of the store.")
