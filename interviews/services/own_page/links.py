"""Links to the candidate's own page."""

import secrets
from typing import Final

from django.db import transaction
from django.template.loader import render_to_string

from interviews.counting import within_limit
from interviews.errors import Refusal
from interviews.models import AuditEntry, Interview, OwnPageLink, User
from interviews.selectors.own_page import token_sha256
from interviews.services.audit import audit_append
from interviews.services.mailing import mail_send

TOKEN_BYTES: Final = 32
LINKS_PER_HOUR: Final = 10


@transaction.atomic
def own_page_link_create(*, interview: Interview, by: User) -> str:
    """Make a link; returns its token, which is known only now. Links from before go on working.

    Raises :class:`Refusal` after ten an hour, because each is mailed.
    """
    if not within_limit(f"own-page-link:{interview.pk}", limit=LINKS_PER_HOUR, period_s=3600):
        raise Refusal("too_many", "Links were sent often enough for now. Try again in an hour.")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = OwnPageLink.objects.create(interview=interview, token_sha256=token_sha256(token), created_by=by)
    action = AuditEntry.Action.INVITATION_CHANGED
    audit_append(action=action, by=by, interview=interview, change="link to the own page made", link=link.pk)
    return token


def own_page_link_mail(*, interview: Interview, url: str) -> bool:
    """Tell the candidate what is held, with the link to their page; returns whether a mail server took it."""
    message = render_to_string("interviews/own_page/link_email.txt", {"interview": interview, "url": url})
    return mail_send(
        to=interview.candidate.email, subject=f"Your recording at {interview.organization}", message=message
    )
