"""The part of ``make setup`` that needs the installed packages; in one process, because each start costs a second."""

import compileall
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from interviews.models import User
from interviews.services.accounts import first_run_token
from interviews.services.file_keys import file_keys_problem
from ml.confinement.kernel import confinement_gaps
from ml.confinement.policy import CODE


class Command(BaseCommand):
    help = "Bring the database up to date, list the shipped model versions in it, and verify them."

    requires_system_checks = []  # half of its time, on every start; deployed it runs them itself

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            call_command("check", deploy=True, fail_level="WARNING")
        self._close_folders()
        self._compile()
        for gap in confinement_gaps():
            self.stderr.write(gap)
        call_command("migrate", verbosity=0, interactive=False)
        if problem := file_keys_problem():
            raise CommandError(f"{problem} Add the key that is missing; see docs/operations.md.")
        call_command("sync_model_versions", verbosity=0)
        # It prints the missing or damaged weights. Only their modalities are then out of service.
        with suppress(SystemExit):
            call_command("verify_weights", verbosity=0)
        if not settings.EMBEDDED and not User.objects.exists():
            page = reverse("first_run", args=[first_run_token()])
            self.stdout.write(f"Make the first organization and its administrator at https://HOST{page}")

    def _close_folders(self) -> None:
        """Folders of an installation that is older than its umask."""
        for folder in (Path(settings.VAR_DIR), Path(settings.MEDIA_ROOT)):
            with suppress(OSError):  # not there yet, or another user's
                folder.chmod(0o700)

    def _compile(self) -> None:
        """The code of confined programs: they cannot write what Python compiles, and would compile it each time."""
        for package in CODE:
            compileall.compile_dir(Path(settings.BASE_DIR) / package, quiet=2)
