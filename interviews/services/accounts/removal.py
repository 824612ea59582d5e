"""Accounts that go. What their people did stays, under a pseudonym."""

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice

from interviews.models import AuditEntry, User
from interviews.services.accounts.sessions import sessions_end
from interviews.services.accounts.totp_keys import totp_devices_delete
from interviews.services.audit import audit_append


@transaction.atomic
def account_pseudonymize(*, user: User, by: User) -> User:
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
    totp_devices_delete(user=user)
    StaticDevice.objects.filter(user=user).delete()
    sessions_end(user=user)
    audit_append(action=AuditEntry.Action.ACCOUNT_CHANGED, by=by, change="pseudonymized", account=user.pk)
    return user
