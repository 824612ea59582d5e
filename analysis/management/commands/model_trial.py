"""Start, compare and end the trial of a candidate on some of the new recordings."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from analysis.management.commands._registry_command import VersionCommand
from analysis.selectors import canaries_running, canary_comparison
from analysis.services import canary_end, canary_start
from interviews.models import Organization, User


class Command(VersionCommand):
    help = (
        "Have a candidate make the reports of one organization, or of a share of all new recordings, while the active "
        "version reads the same recordings beside it. --compare shows both, --end ends the trial."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--organization", help="whose new recordings, by name; default: everybody's")
        parser.add_argument("--percent", type=float, default=100.0, help="share of the new recordings; default: 100")
        doing = parser.add_mutually_exclusive_group()
        doing.add_argument("--compare", action="store_true", help="print what both versions read, as JSON")
        doing.add_argument("--end", action="store_true", help="end the trial of this version")

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        version = self.version(options)
        if options["compare"] or options["end"]:
            canaries = list(canaries_running(version=version))
            if not canaries:
                raise CommandError(f"No trial of {version.version} is running.")
            for canary in canaries:
                if options["compare"]:
                    self.stdout.write(json.dumps(canary_comparison(canary=canary), indent=1))
                else:
                    canary_end(canary=canary, by=by, by_name=by_name, reason=options["reason"])
                    self.stdout.write(f"The trial of {version.label} has ended.")
            return
        organization = None
        if options["organization"]:
            organization = Organization.objects.filter(name__iexact=options["organization"]).first()
            if organization is None:
                raise CommandError(f"There is no organization “{options['organization']}”.")
        canary_start(
            version=version,
            by=by,
            by_name=by_name,
            organization=organization,
            share=options["percent"] / 100,
            reason=options["reason"],
        )
        self.stdout.write(f"The trial of {version.label} has begun.")
