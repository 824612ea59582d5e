"""Which versions there are and which are in service. Every change is one transaction, with its line in the log.

New runs and live sessions read the choice from the database when they begin, in whatever process: a change reaches
all of them at once, and what has begun finishes on the versions it began with.
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
# A version names a folder: nothing in it may lead out of it.
VERSION_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def model_version_register(
    *, folder: Path, source: str, by: User | None, by_name: str = "", latency_ms: float | None = None, reason: str = ""
) -> ModelVersion:
    """Take an uploaded or trained version into the registry, as a candidate, and its files into storage.

    ``folder`` holds a manifest that was checked (:class:`ml.artifacts.Manifest`), the file it names and, where it was
    measured, ``evaluation.json``. Raises :class:`ModelRefused` when the name is taken or the file is not the
    manifest's.
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
    """Have all new runs and sessions use ``version``; the one until now is retired. Trials of ``version`` end.

    Needs a stored evaluation that clears the floor of the modality (:mod:`analysis.model_quality.floors`), or a written
    reason. Raises :class:`ModelRefused`, also when the weights are not whole.
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
    """Go back to the version that was active before the present one; once more goes one further back.

    Raises :class:`ModelRefused` when there is none, or its weights are not whole.
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
    """Take a candidate off the list of what may come into service; its reports go on naming it. Its trials end.

    Raises :class:`ModelRefused` for the active version, and for one that is retired already.
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
    """Remove a version that nothing was ever made with, and its files.

    Raises :class:`ModelRefused` for a shipped version, for one that was ever active, and for one that a run, report or
    trial names.
    """
    if version.source == ModelVersion.Source.SHIPPED:
        raise ModelRefused("A version that ships with Candor cannot be deleted. You can retire it.")
    with modality_locked(version.modality):
        version.refresh_from_db()
        if version.is_active:
            raise ModelRefused("This version is active. Activate another one first.")
        if version.activated_at is not None:  # live readings name it by its name, without a row
            raise ModelRefused(
                "This version has been in service: reports and live readings may name it. Retire it instead."
            )
        model_change_record(
            action=Action.DELETED, modality=version.modality, by=by, by_name=by_name, old=version, reason=reason
        )
        try:
            # Of a copy: Django empties the key of what it deletes, and the files are found by the names kept here.
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
