"""The part of ``make setup`` that needs the installed packages; in one process, because each start costs a second."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Bring the database up to date, list the shipped model versions in it, and verify them."

    requires_system_checks = []  # half of its time, on every start; deployed it runs them itself

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            call_command("check", deploy=True, fail_level="WARNING")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("sync_model_versions", verbosity=0)
        # It prints the missing or damaged weights. Only their modalities are then out of service.
        with suppress(SystemExit):
            call_command("verify_weights", verbosity=0)
