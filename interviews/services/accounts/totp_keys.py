"""Keys of authenticators (TOTP). The installation's keys wrap them as they wrap those of files, and they are kept among
them; where an embedded installation has no keys, they stand in the row of the device."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from interviews.media_storage import MediaLocked, file_key, file_key_store
from interviews.models import FileKey, User

NOT_READABLE: Final = (
    "Your second factor cannot be checked: its key is encrypted with a key of the installation that is not in"
    " MEDIA_KEYS. Tell the administrator of this installation, or log in with a recovery code."
)


def totp_key(device: TOTPDevice) -> bytes:
    """The key in the clear. Raises :class:`interviews.media_storage.MediaLocked`."""
    if device.key:
        return bytes(device.bin_key)
    try:
        return file_key(_name(device))
    except MediaLocked as error:
        raise MediaLocked(NOT_READABLE) from error


def totp_key_wrap(device: TOTPDevice) -> bool:
    """Wrap the key and take it out of the row; whether the installation has a key for that."""
    if not settings.MEDIA_KEYS or not device.key:
        return False
    file_key_store(_name(device), bytes(device.bin_key))
    device.key = ""
    device.save(update_fields=["key"])
    return True


def totp_keys_wrap() -> int:
    """Wrap every key that stands in a row; returns how many."""
    with transaction.atomic():
        return sum(totp_key_wrap(device) for device in TOTPDevice.objects.select_for_update().exclude(key=""))


@transaction.atomic
def totp_devices_delete(*, user: User, confirmed: bool | None = None) -> None:
    """Delete devices with their keys; ``confirmed``: those alone that are, or are not."""
    devices = TOTPDevice.objects.filter(user=user)
    if confirmed is not None:
        devices = devices.filter(confirmed=confirmed)
    FileKey.objects.filter(name__in=[_name(device) for device in devices]).delete()
    devices.delete()


def _name(device: TOTPDevice) -> str:
    return f"second-factor/{device.pk}"
