"""Registers, activates, retires and removes model versions. Each change is one transaction with its change log entry.

New runs and live sessions read the active versions from the database when they begin, in every process. A change
therefore applies to all of them at once; running ones finish with the versions they began with.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from django.db.models import ProtectedError

from analysis.model_quality.floors import floor_shortfall
from analysis.models import ModelChange, ModelVersion
from analysis.selectors.model_versions import rollback_target
from analysis.services.errors import ModelRefused
from analysis.services.registry.canaries import canaries_end_of
from analysis.services.registry.changes import model_change_record
from analysis.services.registry.store import MANIFEST, weights_delete, weights_store, weights_verify
from analysis.services.registry.transitions import modality_locked, status_set, version_put_in_service
from interviews.models import User

Status = ModelVersion.Status
Action = ModelChange.Action

EVALUATION: Final = "evaluation.json"
# A version is also a folder name, so path traversal must be impossible.
VERSION_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def model_version_register(
    *, folder: Path, source: str, by: User | None, by_name: str = "", latency_ms: float | None = None, reason: str = ""
) -> ModelVersion:
    """Register an uploaded or trained version as a candidate, and store its files.

    ``folder`` holds a validated manifest (:class:`ml.artifacts.Manifest`), the file it names and, if the version was
    evaluated, ``evaluation.json``. Raises :class:`ModelRefused` when the name is taken or the file does not match the
    manifest.
    """
    manifest = json.loads((folder / MANIFEST).read_text())
    version = ModelVersion(
        modality=manifest["modality"],
        name=manifest["name"],
        version=manifest["version"],
        sha256=manifest["sha256"],
        source=source,
        manifest=manifest,
        evaluation=evaluation_read(folder),
        size_bytes=(folder / manifest["file"]).stat().st_size,
        latency_ms=latency_ms,
        created_by=by,
    )
    if not VERSION_NAME.fullmatch(version.version):
        raise ModelRefused(f"{version.version!r} is no name for a version: letters, digits, points and dashes are.")
    with modality_locked(version.modality):
        taken = ModelVersion.objects.filter(modality=version.modality, version=version.version).first()
        if taken is not None:
            same = " with the same file" if taken.sha256 == version.sha256 else ""
            raise ModelRefused(
                f"There is already a version {version.version} of {version.get_modality_display().lower()}{same}. "
                "Give the new one another name."
            )
        version.save(force_insert=True)
        model_change_record(
            action=Action.REGISTERED, modality=version.modality, by=by, by_name=by_name, new=version, reason=reason
        )
        weights_store(version=version, folder=folder)
        if problem := weights_verify(version=version):
            weights_delete(version=version)
            raise ModelRefused(problem)
    return version


def model_version_activate(
    *, version: ModelVersion, by: User | None, by_name: str = "", reason: str = ""
) -> ModelVersion:
    """Activate ``version`` for all new runs and sessions; the previous one is retired. Trials of ``version`` end.

    Needs a stored evaluation that clears the floor of the modality (:mod:`analysis.model_quality.floors`), or a written
    reason. Raises :class:`ModelRefused`, also when the weights fail verification.
    """
    if problem := weights_verify(version=version):
        raise ModelRefused(problem)
    with modality_locked(version.modality):
        version.refresh_from_db()
        if version.is_active:
            raise ModelRefused(f"Version {version.version} is already active.")
        if not reason.strip() and (shortfall := floor_shortfall(version)):
            raise ModelRefused(shortfall)
        version_put_in_service(version=version, action=Action.ACTIVATED, by=by, by_name=by_name, reason=reason)
    return version


def model_version_rollback(*, modality: str, by: User | None, by_name: str = "", reason: str = "") -> ModelVersion:
    """Roll back to the version that was active before the present one; each further call goes back one more.

    Raises :class:`ModelRefused` when there is none, or its weights fail verification.
    """
    target = rollback_target(modality=modality)
    if target is None:
        raise ModelRefused("There is no earlier version to roll back to.")
    if problem := weights_verify(version=target):
        raise ModelRefused(problem)
    with modality_locked(modality):
        if rollback_target(modality=modality) != target:
            raise ModelRefused("Somebody else changed the versions at the same moment. Look again, and repeat.")
        version_put_in_service(version=target, action=Action.ROLLED_BACK, by=by, by_name=by_name, reason=reason)
    return target


def model_version_retire(
    *, version: ModelVersion, by: User | None, by_name: str = "", reason: str = ""
) -> ModelVersion:
    """Retire a candidate; its trials end, and its reports still name it.

    Raises :class:`ModelRefused` for the active version, and for one that is already retired.
    """
    with modality_locked(version.modality):
        version.refresh_from_db()
        if version.is_active:
            raise ModelRefused(
                "This version is active. Activate another one, or roll back, and it is retired with that."
            )
        if version.status == Status.RETIRED:
            raise ModelRefused("This version is already retired.")
        canaries_end_of(version=version, by=by, by_name=by_name, reason="The version was retired.")
        status_set(version=version, status=Status.RETIRED)
        model_change_record(
            action=Action.RETIRED, modality=version.modality, by=by, by_name=by_name, old=version, reason=reason
        )
    return version


def model_version_delete(*, version: ModelVersion, by: User | None, by_name: str = "", reason: str = "") -> None:
    """Remove a version that was never used, and its files.

    Raises :class:`ModelRefused` for a shipped version, for one that was ever active, and for one that a run, report or
    trial names.
    """
    if version.source == ModelVersion.Source.SHIPPED:
        raise ModelRefused("A version that ships with Candor cannot be deleted. You can retire it.")
    with modality_locked(version.modality):
        version.refresh_from_db()
        if version.is_active:
            raise ModelRefused("This version is active. Activate another one first.")
        if version.activated_at is not None:  # live readings refer to it by name only, not by a foreign key
            raise ModelRefused(
                "This version has been in service: reports and live readings may name it. Retire it instead."
            )
        model_change_record(
            action=Action.DELETED, modality=version.modality, by=by, by_name=by_name, old=version, reason=reason
        )
        try:
            # Delete a copy, because Django clears the primary key of a deleted instance, which is still used below.
            ModelVersion.objects.get(pk=version.pk).delete()
        except ProtectedError as error:
            raise ModelRefused(
                "Reports or trials were made with this version, and go on naming it. Retire it instead."
            ) from error
        transaction.on_commit(lambda: weights_delete(version=version))


def model_evaluation_store(
    *, version: ModelVersion, evaluation: dict[str, Any], by: User | None, by_name: str = "", reason: str = ""
) -> ModelVersion:
    """Keep the latest evaluation of a version, in the shape of :class:`ml.training.evaluation.EvaluationRecord`."""
    with transaction.atomic():
        version.evaluation = evaluation
        version.save(update_fields=["evaluation"])
        model_change_record(
            action=Action.EVALUATED, modality=version.modality, by=by, by_name=by_name, new=version, reason=reason
        )
    return version


def model_versions_verify() -> list[ModelVersion]:
    """Verify the weights of every version that may come into service; returns those with a problem."""
    return [
        version for version in ModelVersion.objects.exclude(status=Status.RETIRED) if weights_verify(version=version)
    ]


def evaluation_read(folder: Path) -> dict[str, Any]:
    """The stored evaluation beside the weights; empty when there is none."""
    try:
        evaluation = json.loads((folder / EVALUATION).read_text())
    except (OSError, ValueError):
        return {}
    return evaluation if isinstance(evaluation, dict) else {}
