"""Retire a candidate version of a recogniser."""

from __future__ import annotations

from typing import Any

from analysis.management.commands._registry_command import VersionCommand
from analysis.services import model_version_retire
from interviews.models import User


class Command(VersionCommand):
    help = "Retire a version that is not active. Reports made with it go on naming it."

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        version = model_version_retire(version=self.version(options), by=by, by_name=by_name, reason=options["reason"])
        self.stdout.write(f"{version.label} of {version.modality} is retired.")
