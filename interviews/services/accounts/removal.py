"""Accounts that go. What their people did stays, under a pseudonym."""

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from interviews.models import User


@transaction.atomic
def account_pseudonymize(*, user: User) -> User:
    """Replace name and address of an account for good, and close it. Rows that name the person now name the pseudonym.

    Asking twice is fine.
    """
    short = user.pk.hex[:8]
    user.full_name = f"Former member {short}"
    user.email = f"former-{user.pk.hex}@removed.invalid"
    user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()
    user.save()
    user.memberships.all().delete()
    sessions_end(user=user)
    return user


def sessions_end(*, user: User) -> None:
    """Log somebody out everywhere."""
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
