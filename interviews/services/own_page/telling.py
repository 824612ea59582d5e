"""Mail to the organization about what a candidate did on the own page."""

from functools import partial

from django.db import transaction

from interviews.models import Interview, Membership
from interviews.services.mailing import mail_send


def organization_tell(*, interview: Interview, sentence: str) -> None:
    """Mail ``sentence`` to the interview's owner and the organization's privacy officers, once it is committed."""
    officers = Membership.objects.filter(
        organization=interview.organization, role=Membership.Role.PRIVACY_OFFICER, user__is_active=True
    )
    addresses = {interview.owner.email, *officers.values_list("user__email", flat=True)}
    message = f"{sentence}\n\nInterview: {interview}, of {interview.created_at:%-d %B %Y}.\n"
    for address in sorted(addresses):
        transaction.on_commit(partial(mail_send, to=address, subject="From a candidate's own page", message=message))
