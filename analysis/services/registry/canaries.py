"""Trials (canaries): a candidate version makes the reports of some runs before it becomes active."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone

from analysis.models import Canary, ModelChange, ModelVersion
from analysis.services.errors import ModelRefused
from analysis.services.registry.changes import model_change_record
from analysis.services.registry.store import weights_verify
from interviews.models import Organization, User


def canary_start(
    *,
    version: ModelVersion,
    by: User | None,
    by_name: str = "",
    organization: Organization | None = None,
    share: float = 1.0,
    reason: str = "",
) -> Canary:
    """Start a trial of ``version`` on a ``share`` (above 0, up to 1) of the new runs of ``organization``.

    ``organization`` None means all organizations. The active version reads the same recordings as shadow. Raises
    :class:`ModelRefused` unless the version is a candidate with intact weights, and while another trial of the modality
    runs for the same ``organization``.
    """
    if not 0.0 < share <= 1.0:
        raise ModelRefused("The share of new runs must be above 0 and at most 1.")
    if organization is None and share == 1.0:
        raise ModelRefused(
            "A trial on all new runs of everybody is no trial. Choose an organization or a smaller share."
        )
    if problem := weights_verify(version=version):
        raise ModelRefused(problem)
    try:
        with transaction.atomic():
            version = ModelVersion.objects.select_for_update().get(pk=version.pk)
            if version.status != ModelVersion.Status.CANDIDATE:
                raise ModelRefused(f"Only a candidate can be tried; version {version.version} is {version.status}.")
            canary = Canary.objects.create(
                modality=version.modality,
                model_version=version,
                organization=organization,
                share=share,
                reason=reason.strip(),
                started_by=by,
            )
            model_change_record(
                action=ModelChange.Action.CANARY_STARTED,
                modality=version.modality,
                by=by,
                by_name=by_name,
                new=version,
                reason=f"On {_scope(canary)}. {reason}",
            )
    except IntegrityError as error:
        where = f"on {organization}" if organization is not None else "on a share of everybody's runs"
        raise ModelRefused(
            f"Another version of {version.get_modality_display().lower()} is being tried {where}. End that trial first."
        ) from error
    return canary


def canary_end(*, canary: Canary, by: User | None, by_name: str = "", reason: str = "") -> Canary:
    """End a trial; its runs keep their reports. Raises :class:`ModelRefused` when it has ended already."""
    with transaction.atomic():
        ended_at = timezone.now()
        if not Canary.objects.running().filter(pk=canary.pk).update(ended_at=ended_at, ended_by=by):
            raise ModelRefused("This trial has already ended.")
        canary.ended_at, canary.ended_by = ended_at, by
        model_change_record(
            action=ModelChange.Action.CANARY_ENDED,
            modality=canary.modality,
            by=by,
            by_name=by_name,
            old=canary.model_version,
            reason=f"On {_scope(canary)}. {reason}",
        )
    return canary


def canaries_end_of(*, version: ModelVersion, by: User | None, by_name: str = "", reason: str) -> None:
    """End every trial of a version, in the transaction of the change that ends them."""
    for canary in Canary.objects.running().filter(model_version=version):
        canary_end(canary=canary, by=by, by_name=by_name, reason=reason)


def _scope(canary: Canary) -> str:
    runs = "all new runs" if canary.share == 1.0 else f"{canary.share:.0%} of new runs"
    return f"{runs} of {canary.organization.name if canary.organization is not None else 'everybody'}"
