"""The one place where a version changes its status, under a lock on its modality."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction
from django.utils import timezone

from analysis.models import ModelVersion
from analysis.services.errors import ModelRefused
from analysis.services.registry.canaries import canaries_end_of
from analysis.services.registry.changes import model_change_record
from interviews.models import User


@contextmanager
def modality_locked(modality: str) -> Iterator[None]:
    """A transaction with a lock on the modality, so that no other one changes its active version."""
    try:
        with transaction.atomic():
            # Always in the same order, so that two transactions wait for each other and do not deadlock.
            list(ModelVersion.objects.select_for_update().filter(modality=modality).order_by("pk"))
            yield
    except IntegrityError as error:
        raise ModelRefused("Somebody else changed the versions at the same moment. Look again, and repeat.") from error


def version_put_in_service(
    *, version: ModelVersion, action: str, by: User | None, by_name: str = "", reason: str = ""
) -> None:
    """Activate ``version``, retire the previous one, end the trials of ``version``, and write the change log."""
    old = ModelVersion.objects.active().filter(modality=version.modality).first()
    if old is not None:
        status_set(version=old, status=ModelVersion.Status.RETIRED)
    version.activated_at = timezone.now()
    status_set(version=version, status=ModelVersion.Status.ACTIVE)
    canaries_end_of(version=version, by=by, by_name=by_name, reason="The version became active.")
    model_change_record(
        action=action, modality=version.modality, by=by, by_name=by_name, old=old, new=version, reason=reason
    )


def status_set(*, version: ModelVersion, status: str) -> None:
    version.status = status
    version.save(update_fields=["status", "activated_at"])
