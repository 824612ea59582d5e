"""Check and rotate the keys of encrypted media, and encrypt what was stored before."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.errors import Refusal
from interviews.services.accounts import totp_keys_wrap
from interviews.services.file_keys import file_keys_check, file_keys_problem, file_keys_rotate, media_encrypt


class Command(BaseCommand):
    help = "Check the keys of encrypted media (the default), wrap them by the first of MEDIA_KEYS, or encrypt the rest."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=("check", "rotate", "encrypt"), default="check")

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        try:
            if what == "rotate":
                wrapped = file_keys_rotate() + totp_keys_wrap()
                self.stdout.write(f"{wrapped} keys are wrapped by the first of MEDIA_KEYS now.")
            elif what == "encrypt":
                self.stdout.write(f"{media_encrypt()} files are encrypted now.")
            if problem := file_keys_problem():
                raise CommandError(problem)
            self.stdout.write(f"{file_keys_check()} keys of files and second factors can be unwrapped.")
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
