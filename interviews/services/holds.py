"""Legal holds: what must not be erased, why, and until when.

While a hold stands, adding goes on, nothing is deleted by hand (:func:`hold_refuse`), and what is overwritten is kept
as it was (:func:`hold_keep`).
"""

from datetime import datetime
from typing import Any

from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import AuditEntry, HeldRevision, Interview, LegalHold, User
from interviews.selectors.policy import interview_hold
from interviews.services.audit import audit_append


@transaction.atomic
def hold_set(*, interview: Interview, by: User, reason: str, until: datetime) -> LegalHold:
    """Keep an interview until then, whatever retention or a request for erasure says.

    Raises ``ValidationError`` by field without a reason, and for an end that has passed.
    """
    reason, errors = " ".join(reason.split())[:500], {}
    if not reason:
        errors["reason"] = "Say why it must be kept."
    if until <= timezone.now():
        errors["until"] = "The hold must end in the future."
    if errors:
        raise ValidationError(errors)
    Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    hold = LegalHold.objects.create(interview=interview, reason=reason, until=until, set_by=by)
    _log(hold, by, "set", reason=reason, until=until.isoformat())
    return hold


@transaction.atomic
def hold_end(*, hold: LegalHold, by: User) -> None:
    """End a hold before its time."""
    if LegalHold.objects.filter(pk=hold.pk, ended_at=None).update(ended_at=timezone.now()):
        _log(hold, by, "ended")


def hold_refuse(*, interview: Interview) -> None:
    """Raises :class:`Refusal` while a hold stands, in which nothing of the interview is deleted."""
    hold = interview_hold(interview=interview)
    if hold is not None:
        until = f"{hold.until:%-d %B %Y}"
        raise Refusal("on_hold", f"This interview is on hold until {until}; nothing of it is deleted before.")


def hold_keep(*, interview: Interview, rows: QuerySet[Any], by: User | None) -> None:
    """Keep what ``rows`` are now, before ``by`` (None: Candor or the candidate) changes or removes them; without a hold
    nothing is kept. Call it in the transaction of the change."""
    if interview_hold(interview=interview) is None:
        return
    HeldRevision.objects.bulk_create(
        HeldRevision(interview=interview, model=row["model"], row=str(row["pk"]), fields=row["fields"], replaced_by=by)
        for row in serializers.serialize("python", rows)
    )


@transaction.atomic
def held_revisions_erase() -> int:
    """Erase what was kept for holds that have ended; returns of how many interviews."""
    kept = Interview.objects.filter(pk__in=HeldRevision.objects.values("interview"))
    ended = [one for one in kept if interview_hold(interview=one) is None]
    HeldRevision.objects.filter(interview__in=ended).delete()
    return len(ended)


def _log(hold: LegalHold, by: User, change: str, **details: Any) -> None:
    action = AuditEntry.Action.HOLD_CHANGED
    audit_append(action=action, by=by, interview=hold.interview, change=change, hold=hold.pk, **details)
