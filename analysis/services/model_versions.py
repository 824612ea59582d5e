"""The installed weights, as rows that reports can point to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from analysis.models import ModelVersion


@dataclass(frozen=True, slots=True)
class InstalledVersion:
    """What ``ml/weights`` holds of one version; ``manifest`` is plain JSON data."""

    modality: str
    name: str
    version: str
    sha256: str
    manifest: dict[str, Any]
    is_default: bool


def model_versions_sync(*, installed: Iterable[InstalledVersion]) -> list[ModelVersion]:
    """Write one row per installed version and mark the default of each modality; rows are never removed."""
    with transaction.atomic():
        ModelVersion.objects.active().update(status=ModelVersion.Status.CANDIDATE)
        return [
            ModelVersion.objects.update_or_create(
                modality=version.modality,
                version=version.version,
                sha256=version.sha256,
                defaults={
                    "name": version.name,
                    "manifest": version.manifest,
                    "status": ModelVersion.Status.ACTIVE if version.is_default else ModelVersion.Status.CANDIDATE,
                },
            )[0]
            for version in installed
        ]
