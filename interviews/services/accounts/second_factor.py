"""Setting a second factor up, checking it, and its recovery codes. Keys are those of :mod:`.totp_keys`."""

import hashlib
import secrets
import time
from typing import Final

from django.db import transaction
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from interviews.models import AuditEntry, User
from interviews.services.accounts.totp_keys import totp_devices_delete, totp_key, totp_key_wrap
from interviews.services.audit import audit_append

RECOVERY_CODES: Final = 10
CODE_LENGTH: Final = 12
CODE_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"


def totp_prepare(*, user: User) -> TOTPDevice:
    """The device that waits for its first code; the same one until it has been confirmed."""
    with transaction.atomic():
        device, is_new = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "App"})
        if is_new:
            totp_key_wrap(device)
    return device


def totp_invitation(*, device: TOTPDevice) -> tuple[str, bytes]:
    """What an authenticator scans (an ``otpauth`` address), and the key in it."""
    key = totp_key(device)
    shown = TOTPDevice(user=device.user, name=device.name, key=key.hex())
    return shown.config_url, key


@transaction.atomic
def totp_confirm(*, user: User, code: str) -> tuple[TOTPDevice, list[str]] | None:
    """Switch the second factor on with its first code; the device and the recovery codes, shown once. None: wrong."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
    if device is None or not _verifies(device, code):
        return None
    totp_devices_delete(user=user, confirmed=True)
    device.confirmed = True
    device.save()
    codes = recovery_codes_make(user=user)
    audit_append(action=AuditEntry.Action.ACCOUNT_CHANGED, by=user, change="second factor set up")
    return device, codes


@transaction.atomic
def totp_remove(*, user: User, by: User) -> None:
    totp_devices_delete(user=user)
    StaticDevice.objects.filter(user=user).delete()
    audit_append(action=AuditEntry.Action.ACCOUNT_CHANGED, by=by, change="second factor removed", account=user.pk)


def recovery_codes_make(*, user: User) -> list[str]:
    """New recovery codes in place of the old ones; only their hashes are kept."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Recovery codes")
    codes = ["".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
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
            return device if device is not None and _verifies(device, code) else None
        device = StaticDevice.objects.select_for_update().filter(user=user).first()
        return device if device is not None and device.verify_token(_hashed(code)) else None


def _verifies(device: TOTPDevice, code: str) -> bool:
    """As ``TOTPDevice.verify_token``, with a key that the row does not have in the clear."""
    if not device.verify_is_allowed()[0]:
        return False
    totp = TOTP(totp_key(device), device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    if not (code.isascii() and code.isdecimal() and totp.verify(int(code), device.tolerance, device.last_t + 1)):
        device.throttle_increment()
        return False
    device.last_t, device.drift = totp.t(), totp.drift
    device.throttle_reset(commit=False)
    device.set_last_used_timestamp(commit=False)
    device.save()
    return True


def _hashed(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()[:16]
