"""Copy the manifests of the installed weights into the database, where reports point to them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analysis.services import InstalledVersion, model_versions_sync
from ml import artifacts


class Command(BaseCommand):
    help = "Record the installed model versions. Safe to run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = model_versions_sync(installed=[_installed_version(artifact) for artifact in artifacts.installed()])
        except artifacts.ModelUnavailable as error:
            raise CommandError(str(error)) from error
        if options["verbosity"] > 0:
            self.stdout.write(f"{len(rows)} model versions are recorded.")


def _installed_version(artifact: artifacts.Artifact) -> InstalledVersion:
    manifest = artifact.manifest
    return InstalledVersion(
        modality=manifest.modality,
        name=manifest.name,
        version=manifest.version,
        sha256=manifest.sha256,
        manifest=manifest.to_json(),
        is_default=artifacts.find(manifest.modality).manifest.version == manifest.version,
    )
