"""Put a registered version of a recogniser in service."""

from __future__ import annotations

from typing import Any

from analysis.management.commands._registry_command import VersionCommand
from analysis.services import model_version_activate
from interviews.models import User


class Command(VersionCommand):
    help = (
        "Have all new runs and live sessions use a version. Needs a stored evaluation that clears the floor of its "
        "modality, or --reason. Nothing has to be restarted."
    )

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        version = model_version_activate(
            version=self.version(options), by=by, by_name=by_name, reason=options["reason"]
        )
        self.stdout.write(f"{version.label} is the active version of {version.modality}.")
