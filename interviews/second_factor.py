"""The second factor of a login: who needs it, and whether a session has passed it. For pages, API and sockets."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice

from interviews.models import Membership, User


def has_second_factor(user: User) -> bool:
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def needs_second_factor(user: User) -> bool:
    """Whether the installation requires it: of its administrators, and of those of organizations."""
    if not settings.TWO_FACTOR_REQUIRED:
        return False
    return user.is_staff or user.memberships.filter(role=Membership.Role.ADMINISTRATOR).exists()


def second_factor_missing(user: User, session: Mapping[str, Any]) -> str:
    """``"code"`` where this session has to enter one, ``"setup"`` where the person has to set one up, else ``""``."""
    if session.get(DEVICE_ID_SESSION_KEY):
        return ""
    if has_second_factor(user):
        return "code"
    return "setup" if needs_second_factor(user) else ""
