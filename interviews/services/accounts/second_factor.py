"""Setting a second factor up, and its recovery codes."""

import hashlib
import secrets
from typing import Final

from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from interviews.models import AuditEntry, User
from interviews.services.audit import audit_append

RECOVERY_CODES: Final = 10
CODE_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def totp_prepare(*, user: User) -> TOTPDevice:
    """The device that waits for its first code; the same one until it has been confirmed."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
    return device


@transaction.atomic
def totp_confirm(*, user: User, code: str) -> tuple[TOTPDevice, list[str]] | None:
    """Switch the second factor on with its first code; the device and the recovery codes, shown once. None: wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not device.verify_token(code):
        return None
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save()
    codes = recovery_codes_make(user=user)
    audit_append(action=AuditEntry.Action.ACCOUNT_CHANGED, by=user, change="second factor set up")
    return device, codes


@transaction.atomic
def totp_remove(*, user: User, by: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
    audit_append(action=AuditEntry.Action.ACCOUNT_CHANGED, by=by, change="second factor removed", account=user.pk)


def recovery_codes_make(*, user: User) -> list[str]:
    """New recovery codes in place of the old ones; only their hashes are kept."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = ["".join(secrets.choice(CODE_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_hashed(code))
    return codes


def second_factor_check(*, user: User, code: str) -> TOTPDevice | StaticDevice | None:
    """The device that takes this code, of the app or for recovery; each code works once, wrong ones slow the next."""
    code = code.replace(" ", "").replace("-", "").lower()
    device: TOTPDevice | StaticDevice | None
    with transaction.atomic():
        if code.isascii() and code.isdecimal() and len(code) == 6:
            device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
            return device if device is not None and device.verify_token(code) else None
        device = StaticDevice.objects.select_for_update().filter(user=user).first()
        return device if device is not None and device.verify_token(_hashed(code)) else None


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()[:16]
