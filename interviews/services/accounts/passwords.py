"""The mail with which somebody sets a new password."""

import logging
from typing import Final

from celery import current_app
from django.contrib.auth.forms import PasswordResetForm
from django.db import transaction

from interviews.counting import within_limit
from interviews.models import AuditEntry, User
from interviews.services.accounts.sessions import session_moved, sessions_end
from interviews.services.audit import audit_append

logger = logging.getLogger(__name__)

PASSWORD_RESET_TASK: Final = "interviews.tasks.password_reset_mail"  # noqa: S105  (a name)
EXPIRES_S: Final = 600
PERIOD_S: Final = 3600
MAILS_PER_ACCOUNT: Final = 3
REQUESTS_PER_ADDRESS: Final = 20


def password_reset_request(*, email: str, client_address: str, host: str, is_secure: bool) -> None:
    """Have a worker send the link, a few times an hour for an account and for whoever asks.

    There is no answer, and it takes as long for every address: nobody learns who has an account. ``host`` is the name
    in the link. The message carries the address alone: the worker makes the link.
    """
    email = email.strip().lower()
    if not within_limit(f"password-reset:from:{client_address}", limit=REQUESTS_PER_ADDRESS, period_s=PERIOD_S):
        return
    if not within_limit(f"password-reset:for:{email}", limit=MAILS_PER_ACCOUNT, period_s=PERIOD_S):
        return
    try:
        current_app.send_task(PASSWORD_RESET_TASK, args=[email, host, is_secure], expires=EXPIRES_S)
    except Exception:  # every transport raises its own kinds of error
        logger.exception("A password reset could not be published")


@transaction.atomic
def password_changed(*, user: User, before: str, after: str) -> None:
    """Somebody chose a new password; ``before`` and ``after`` are the keys of their session, which alone goes on."""
    session_moved(before=before, after=after)
    sessions_end(user=user, but=after)
    audit_append(action=AuditEntry.Action.ACCOUNT_CHANGED, by=user, change="password")


def password_reset_mail(*, email: str, host: str, is_secure: bool) -> None:
    """Send the link to the active account of this address; nothing where there is none."""
    form = PasswordResetForm({"email": email})
    if form.is_valid():
        form.save(domain_override=host, use_https=is_secure)
