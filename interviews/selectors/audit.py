"""Reading the audit log, and verifying its chain."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.db.models import Q, QuerySet

from interviews.models import AuditEntry, AuditHead, Candidate, Interview, Membership, User
from interviews.models.audit import FIRST_SHA256
from interviews.selectors.interviews import Viewer

READERS: Final = (Membership.Role.ADMINISTRATOR, Membership.Role.PRIVACY_OFFICER, Membership.Role.AUDITOR)


def audit_visible(*, user: Viewer) -> QuerySet[AuditEntry]:
    """The entries of the organizations whose log ``user`` may read; administrators of the installation also see those
    that belong to none."""
    if not isinstance(user, User) or not user.is_active:
        return AuditEntry.objects.none()
    organizations = user.memberships.filter(role__in=READERS).values("organization_id")
    rule = Q(organization__in=organizations)
    if user.is_superuser:
        rule |= Q(organization=None)
    return AuditEntry.objects.filter(rule)


def audit_rows(*, entries: Iterable[AuditEntry]) -> list[dict[str, Any]]:
    """Entries with the names that still exist, for a page: ``who``, ``about`` and ``facts``."""
    entries = list(entries)
    people = {user.pk: str(user) for user in User.objects.filter(pk__in={entry.actor for entry in entries})}
    interviews = Interview.objects.filter(pk__in={entry.interview for entry in entries})
    names = dict(Candidate.objects.filter(interviews__in=interviews).values_list("interviews__pk", "name"))
    return [
        {
            "entry": entry,
            "who": people.get(entry.actor, "Somebody") if entry.actor else entry.get_actor_kind_display(),
            "about": names.get(entry.interview, "") if entry.interview else "",
            "facts": [(key.replace("_", " "), value) for key, value in entry.details.items() if value not in ("", [])],
        }
        for entry in entries
    ]


def audit_problems() -> Iterator[str]:
    """A sentence for each entry that was changed, is missing, or does not stand in its place."""
    number, sha256 = 0, FIRST_SHA256
    for entry in AuditEntry.objects.order_by("number").iterator():
        if entry.number != number + 1:
            missing = f"{number + 1} to {entry.number - 1}" if entry.number > number + 2 else f"{number + 1}"
            yield f"Entry {missing} is missing."
        elif entry.previous_sha256 != sha256:
            yield f"Entry {entry.number} does not follow entry {number}: it was moved, or what stood before it was."
        if entry.sha256 != entry.computed_sha256():
            yield f"Entry {entry.number} was changed after it was written."
        number, sha256 = entry.number, entry.sha256
    head = AuditHead.objects.first() or AuditHead()
    if (head.number, head.sha256) != (number, sha256):
        yield f"The log ends with entry {number}, and its last one was {head.number}."
