"""Copy the manifests of the installed weights into the database, so that reports can refer to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from analysis.models import ModelVersion
from analysis.selectors import model_problems
from analysis.services import InstalledVersion, model_versions_sync
from ml import artifacts
from ml.imports.latency import latency_ms
from ml.runtime import FileDamaged, graph


class Command(BaseCommand):
    help = "Record the installed model versions and verify them. Safe to run again at any time."

    def handle(self, *args: Any, **options: Any) -> None:
        installed, problems = self._installed(Path(settings.WEIGHTS_DIR))
        rows = model_versions_sync(installed=installed)
        if options["verbosity"] > 0:
            # One damaged version takes its modality out of service, not the installation.
            for problem in dict.fromkeys([*problems, *model_problems().values()]):
                self.stderr.write(problem)
            self.stdout.write(f"{len(rows)} model versions are recorded.")

    def _installed(self, weights: Path) -> tuple[list[InstalledVersion], list[str]]:
        """Every version whose manifest can be read, and a sentence for each of the others."""
        installed, problems = [], []
        try:
            defaults = artifacts.default_versions(weights=weights)
        except artifacts.ModelUnavailable as error:
            defaults = {}
            problems.append(str(error))
        for folder in sorted(path.parent for path in weights.glob(f"*/*/{artifacts.MANIFEST}")):
            try:
                manifest = artifacts.at(folder).manifest
            except artifacts.ModelUnavailable as error:
                problems.append(str(error))
                continue
            installed.append(
                InstalledVersion(
                    modality=manifest.modality,
                    name=manifest.name,
                    version=manifest.version,
                    sha256=manifest.sha256,
                    manifest=manifest.to_json(),
                    folder=folder,
                    is_default=defaults.get(manifest.modality) == manifest.version,
                    latency_ms=_latency_ms(artifacts.at(folder)),
                )
            )
        return installed, problems


def _latency_ms(artifact: artifacts.Artifact) -> float | None:
    """Latency of a network not yet timed on this installation; None for all others, and where it cannot be loaded."""
    manifest = artifact.manifest
    timed = ModelVersion.objects.filter(
        modality=manifest.modality, version=manifest.version, sha256=manifest.sha256, latency_ms__isnull=False
    )
    if manifest.kind != "network" or timed.exists():
        return None
    try:
        return latency_ms(graph(artifact.path, manifest.sha256))
    except (OSError, ValueError, RuntimeError, FileDamaged):
        return None
