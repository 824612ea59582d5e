"""Verify the audit log: nothing in it was changed, removed or moved."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from interviews.models import AuditEntry, AuditHead
from interviews.selectors.audit import audit_problems


class Command(BaseCommand):
    help = "Verify the hash chain of the audit log. Keep what it prints elsewhere, and give it to the next run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--contains", metavar="HASH", help="A hash that an earlier run printed: the log must still contain it."
        )

    def handle(self, *args: Any, contains: str | None, **options: Any) -> None:
        problems = list(audit_problems())
        if contains and not AuditEntry.objects.filter(sha256=contains).exists():
            problems.append(f"The log no longer contains {contains}: it was written anew, or entries were removed.")
        if problems:
            raise CommandError("\n".join(problems))
        head = AuditHead.objects.first() or AuditHead()
        self.stdout.write(f"{head.number} entries, whole and in order. The last hash is\n{head.sha256}")
