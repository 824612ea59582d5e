"""Links to a shared page: made, revoked, opened."""

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any, Final

from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from interviews.counting import within_limit
from interviews.errors import Refusal
from interviews.models import AuditEntry, Interview, ShareLink, User
from interviews.selectors import consents_of
from interviews.selectors.scorecards import readings_require
from interviews.services.audit import SEEN_AGAIN_S, audit_append

MAXIMUM_DAYS: Final = 90
MAXIMUM_LINKS: Final = 50
TOKEN_BYTES: Final = 32
NOT_AGREED: Final = (
    "The candidate has not agreed that this interview is shown to people outside your organization. They can on their "
    "own page, or you write down what they told you under “Consent”."
)


@transaction.atomic
def share_create(
    *, interview: Interview, by: User, parts: Collection[str], days: int, note: str = "", password: str = ""
) -> tuple[ShareLink, str]:
    """Make a link that ends after ``days``; returns it with its token, which is known only now.

    Raises ``ValidationError`` by field, and :class:`Refusal` where the candidate has not agreed.
    """
    if not consents_of(interview_id=interview.pk).sharing:
        raise Refusal("not_agreed", NOT_AGREED)
    if ShareLink.Part.READINGS in parts:
        readings_require(interview=interview, user=by)
    errors = {}
    chosen = [part for part in ShareLink.Part.values if part in parts]
    if not chosen:
        errors["parts"] = "Choose what the link shows."
    if not 1 <= days <= MAXIMUM_DAYS:
        errors["days"] = f"A link lasts from 1 to {MAXIMUM_DAYS} days."
    if password and len(password) < 8:
        errors["password"] = "A password has at least 8 characters."  # noqa: S105  (a sentence)
    if len(note) > 200:
        errors["note"] = "This is longer than 200 characters."
    if errors:
        raise ValidationError(errors)
    if interview.share_links.filter(revoked_at=None).count() >= MAXIMUM_LINKS:
        raise Refusal("too_many", f"This interview has {MAXIMUM_LINKS} links. Revoke those that are not needed.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    share = ShareLink.objects.create(
        interview=interview,
        token_sha256=hashlib.sha256(token.encode()).hexdigest(),
        parts=chosen,
        note=note.strip(),
        password=make_password(password) if password else "",
        expires_at=timezone.now() + timedelta(days=days),
        created_by=by,
    )
    details: dict[str, Any] = {
        "change": "link made",
        "share": share.pk,
        "parts": chosen,
        "days": days,
        "has_password": bool(password),
    }
    audit_append(action=AuditEntry.Action.SHARING_CHANGED, by=by, interview=interview, **details)
    return share, token


@transaction.atomic
def share_revoke(*, share: ShareLink, by: User) -> None:
    """The link stops working at once, also where it is open; asking twice is fine."""
    if ShareLink.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=timezone.now()):
        action = AuditEntry.Action.SHARING_CHANGED
        audit_append(action=action, by=by, interview=share.interview, change="link revoked", share=share.pk)


def share_opened(*, share: ShareLink, what: str) -> None:
    """Note that somebody opened the page or its recording: an entry for some minutes of looking."""
    ShareLink.objects.filter(pk=share.pk).update(opened_at=timezone.now())
    if within_limit(f"share:{share.pk}:{what}", limit=1, period_s=SEEN_AGAIN_S):
        action = AuditEntry.Action.SHARE_VIEWED
        audit_append(action=action, interview=share.interview, share=share.pk, what=what)
