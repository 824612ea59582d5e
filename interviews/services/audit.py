"""Writing the audit log."""

import uuid
from datetime import UTC
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from interviews.counting import within_limit
from interviews.models import AuditEntry, AuditHead, Interview, Organization, User

Action = AuditEntry.Action

SEEN_AGAIN_S: Final = 600.0
"""Looking at one thing is one entry for so many seconds: a player asks for hundreds of ranges."""


@transaction.atomic
def audit_append(
    *,
    action: str,
    by: User | None = None,
    by_candidate: bool = False,
    organization: Organization | None = None,
    interview: Interview | None = None,
    **details: Any,
) -> AuditEntry:
    """Add an entry. Call it last in the transaction of what it tells, because it holds a lock until the end.

    Without ``by`` it was the candidate or Candor itself. Without ``organization`` it is the interview's. ``details``
    are JSON without content; ids in them become text.
    """
    head, _ = AuditHead.objects.select_for_update().get_or_create(pk=1)
    kind = AuditEntry.Actor.PERSON if by is not None else AuditEntry.Actor.SYSTEM
    organization_id = interview.organization_id if interview is not None else None
    if organization is not None:
        organization_id = organization.pk
    entry = AuditEntry(
        number=head.number + 1,
        at=timezone.now().astimezone(UTC),
        action=action,
        actor_kind=AuditEntry.Actor.CANDIDATE if by_candidate else kind,
        actor=by.pk if by is not None else None,
        organization=organization_id,
        interview=interview.pk if interview is not None else None,
        details={key: str(value) if isinstance(value, uuid.UUID) else value for key, value in details.items()},
        previous_sha256=head.sha256,
    )
    entry.sha256 = entry.computed_sha256()
    entry.save()
    head.number, head.sha256 = entry.number, entry.sha256
    head.save()
    return entry


def audit_view(*, action: str, by: User | None, interview: Interview, what: object, **details: Any) -> None:
    """Add an entry that ``by`` looked at ``what``, unless there is one of the last minutes. None: the candidate."""
    who = by.pk if by is not None else "candidate"
    if within_limit(f"seen:{action}:{who}:{what}", limit=1, period_s=SEEN_AGAIN_S):
        audit_append(action=action, by=by, by_candidate=by is None, interview=interview, **details)
