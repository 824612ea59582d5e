"""What other packages announce and the audit log keeps: logins, and people who were locked out."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest

from interviews.models import AuditEntry, Organization, User
from interviews.services.audit import SEEN_AGAIN_S, audit_append


@receiver(user_logged_in)
def login_recorded(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    audit_append(action=AuditEntry.Action.LOGIN, by=user, organization=_organization(user))


@receiver(user_locked_out)
def lock_out_recorded(sender: Any, request: HttpRequest, username: str, **kwargs: Any) -> None:
    """One entry for each time somebody is locked out, not for each attempt after it; none for unknown names."""
    user = User.objects.filter(email=username).first()
    if user is not None and cache.add(f"locked-out:{user.pk}", True, SEEN_AGAIN_S):
        audit_append(action=AuditEntry.Action.LOCKED_OUT, organization=_organization(user), account=user.pk)


def _organization(user: User) -> Organization | None:
    return Organization.objects.filter(memberships__user=user).order_by("memberships__created_at").first()
