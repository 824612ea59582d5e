"""Bring a backup back into a new installation, and erase again what was erased since it was made."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.services import receipts_replay
from interviews.errors import Refusal
from interviews.services.backups import backup_restore
from interviews.services.receipts import receipts_copy


class Command(BaseCommand):
    help = "Restore a backup into an installation without accounts; erasures of later are done again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="what `backup` has made")
        parser.add_argument(
            "--receipts", type=Path, metavar="FOLDER", help="a newer copy of the folder `erased` of the media"
        )

    def handle(self, *args: Any, file: Path, receipts: Path | None, **options: Any) -> None:
        try:
            manifest = backup_restore(file)
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        if receipts is not None:
            receipts_copy(receipts)
        self.stdout.write(f"{manifest['interviews']} interviews of {manifest['made_at']} are back.")
        self.stdout.write(f"{receipts_replay()} of them were erased again, because they had been erased since.")
        call_command("verify_log", stdout=self.stdout)
