"""What other packages announce and the audit log keeps: logins, and people who were locked out."""

import time
from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from interviews.counting import within_limit
from interviews.models import AuditEntry, Organization, User
from interviews.reauthentication import SESSION_KEY as PASSWORD_AT
from interviews.services.accounts import session_record
from interviews.services.audit import SEEN_AGAIN_S, audit_append


@receiver(user_logged_in)
def login_recorded(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is not None:
        request.session[PASSWORD_AT] = time.time()
        session_record(
            user=user,
            session_key=request.session.session_key or "",
            user_agent=request.META.get("HTTP_USER_AGENT", ""),
        )
    audit_append(action=AuditEntry.Action.LOGIN, by=user, organization=_organization(user))


@receiver(user_locked_out)
def lock_out_recorded(sender: Any, request: HttpRequest, username: str, **kwargs: Any) -> None:
    """One entry for each time somebody is locked out, not for each attempt after it; none for unknown names."""
    user = User.objects.filter(email=username).first()
    if user is not None and within_limit(f"locked-out:{user.pk}", limit=1, period_s=SEEN_AGAIN_S):
        audit_append(action=AuditEntry.Action.LOCKED_OUT, organization=_organization(user), account=user.pk)


def _organization(user: User) -> Organization | None:
    return Organization.objects.filter(memberships__user=user).order_by("memberships__created_at").first()
