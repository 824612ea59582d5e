"""Go back to the version of a recogniser that was in service before."""

from __future__ import annotations

from typing import Any

from analysis.management.commands._registry_command import RegistryCommand
from analysis.services import model_version_rollback
from interviews.models import User


class Command(RegistryCommand):
    help = "Put the version in service that was active before the present one; again goes one further back."

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        version = model_version_rollback(modality=options["modality"], by=by, by_name=by_name, reason=options["reason"])
        self.stdout.write(f"{version.label} is the active version of {version.modality} again.")
