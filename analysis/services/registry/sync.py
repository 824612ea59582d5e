"""Synchronises the registry with the shipped weights, so that reports can refer to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.db import transaction

from analysis.models import ModelChange, ModelVersion
from analysis.services.registry.changes import model_change_record
from analysis.services.registry.transitions import modality_locked, version_put_in_service
from analysis.services.registry.versions import evaluation_read, model_versions_verify

SHIPPED_REASON: Final = "The default of this release of Candor."


@dataclass(frozen=True, slots=True)
class InstalledVersion:
    """One installed version in ``ml/weights``.

    ``manifest`` is plain JSON data; ``latency_ms`` is the time of one prediction, where it was just measured.
    """

    modality: str
    name: str
    version: str
    sha256: str
    manifest: dict[str, Any]
    folder: Path
    is_default: bool
    latency_ms: float | None = None


def model_versions_sync(*, installed: Iterable[InstalledVersion]) -> list[ModelVersion]:
    """Write one row per installed version, and verify the weights of all that may be used; rows are never removed.

    The default of a modality is activated when no version is active, or when this function activated the present one.
    A person's choice is kept.
    """
    with transaction.atomic():
        rows = [_row_of(version) for version in installed]
    model_versions_verify()
    return rows


def _row_of(shipped: InstalledVersion) -> ModelVersion:
    with modality_locked(shipped.modality):
        row, is_new = ModelVersion.objects.get_or_create(
            modality=shipped.modality,
            version=shipped.version,
            sha256=shipped.sha256,
            defaults={"name": shipped.name, "source": ModelVersion.Source.SHIPPED},
        )
        row.name, row.manifest = shipped.name, shipped.manifest
        path = shipped.folder / shipped.manifest["file"]
        row.size_bytes = path.stat().st_size if path.is_file() else row.size_bytes
        if not ModelChange.objects.filter(new_version=row, action=ModelChange.Action.EVALUATED).exists():
            row.evaluation = evaluation_read(shipped.folder)
        row.latency_ms = shipped.latency_ms or row.latency_ms
        row.save(update_fields=["name", "manifest", "size_bytes", "evaluation", "latency_ms"])
        if is_new:
            model_change_record(action=ModelChange.Action.REGISTERED, modality=row.modality, by=None, new=row)
        if shipped.is_default and not row.is_active and _may_replace(row.modality):
            version_put_in_service(version=row, action=ModelChange.Action.SHIPPED, by=None, reason=SHIPPED_REASON)
    return row


def _may_replace(modality: str) -> bool:
    """Whether no version is active, or the active one was activated by an update and not by a person."""
    active = ModelVersion.objects.active().filter(modality=modality).first()
    if active is None:
        return True
    by_people = (ModelChange.Action.ACTIVATED, ModelChange.Action.ROLLED_BACK)
    by_update = (ModelChange.Action.SHIPPED,)
    last = ModelChange.objects.filter(new_version=active, action__in=[*by_people, *by_update]).order_by("-at").first()
    return last is None or last.action in by_update
