"""The criteria of an organization's scorecards."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from interviews.models import AuditEntry, Criterion, Organization, User
from interviews.services.audit import audit_append


@transaction.atomic
def criterion_add(
    *,
    organization: Organization,
    by: User,
    name: str,
    anchor_low: str,
    anchor_middle: str,
    anchor_high: str,
    per_question: bool = False,
) -> Criterion:
    """Add a criterion at the end of the list. Raises ``ValidationError`` by field."""
    last = organization.criteria.aggregate(last=Max("place"))["last"]
    criterion = Criterion(
        organization=organization,
        name=" ".join(name.split()),
        anchor_low=anchor_low.strip(),
        anchor_middle=anchor_middle.strip(),
        anchor_high=anchor_high.strip(),
        per_question=per_question,
        place=0 if last is None else last + 1,
    )
    criterion.full_clean()
    criterion.save()
    _log(organization, by, "criterion added", criterion)
    return criterion


@transaction.atomic
def criterion_retire(*, criterion: Criterion, by: User) -> None:
    """Scorecards that have it keep it; new ones do not get it. Asking twice is fine.

    A criterion is not changed: what was rated keeps the words by which it was rated.
    """
    if Criterion.objects.filter(pk=criterion.pk, retired_at=None).update(retired_at=timezone.now()):
        _log(criterion.organization, by, "criterion retired", criterion)


@transaction.atomic
def criterion_move(*, criterion: Criterion, by: User, up: bool) -> None:
    """Change places with the neighbour above or below; at the end of the list nothing happens."""
    rows = list(criterion.organization.criteria.filter(retired_at=None).select_for_update())
    at = rows.index(criterion)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(rows):
        return
    rows[at], rows[to] = rows[to], rows[at]
    for place, row in enumerate(rows):
        Criterion.objects.filter(pk=row.pk).update(place=place)


@transaction.atomic
def rate_first_set(*, organization: Organization, by: User, rate_first: bool) -> None:
    """Whether a report's charts and numbers are shown to who has rated the interview alone."""
    Organization.objects.filter(pk=organization.pk).update(rate_first=rate_first)
    action = AuditEntry.Action.ACCESS_CHANGED
    audit_append(action=action, by=by, organization=organization, change="rate first", rate_first=rate_first)


def _log(organization: Organization, by: User, change: str, criterion: Criterion) -> None:
    action = AuditEntry.Action.RATING_CHANGED
    audit_append(action=action, by=by, organization=organization, change=change, criterion=criterion.pk)
