"""The change log of the registry: person, change, time and reason."""

from __future__ import annotations

from typing import Final

from analysis.models import ModelChange, ModelVersion
from interviews.models import AuditEntry, User
from interviews.services.audit import audit_append

SYSTEM: Final = "system"


def model_change_record(
    *,
    action: str,
    modality: str,
    by: User | None,
    by_name: str = "",
    old: ModelVersion | None = None,
    new: ModelVersion | None = None,
    reason: str = "",
) -> ModelChange:
    """Add a line to the log; call it inside the transaction of the change.

    ``by`` is None for Candor itself, and at the command line, where ``by_name`` names the person.
    """
    change = ModelChange.objects.create(
        action=action,
        modality=modality,
        by=by,
        by_name=by_name or (by.email if by is not None else SYSTEM),
        old_version=old,
        old_label=old.label if old is not None else "",
        new_version=new,
        new_label=new.label if new is not None else "",
        reason=reason.strip(),
    )
    audit_append(
        action=AuditEntry.Action.MODEL_CHANGED,
        by=by,
        change=action,
        modality=modality,
        old=change.old_label,
        new=change.new_label,
        reason=change.reason,
    )
    return change
