"""The keys of encrypted files: rotating the key that wraps them, and encrypting what was stored before."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Count

from interviews.errors import Refusal
from interviews.media_encryption.files import encrypted, is_encrypted, new_key
from interviews.media_encryption.keys import installation_keys
from interviews.media_storage import OPEN_FOLDERS, MediaStorage, file_key, file_key_store
from interviews.models import FileKey
from interviews.services.working_folders import FOLDER as WORK

NOT_STORED: Final = ("uploads", "live", "slots", WORK)
"""Folders of what is on its way into the storage."""
BLOCK_BYTES: Final = 1024 * 1024


def file_keys_problem() -> str:
    """One sentence on the files whose key is wrapped by one that is not in ``MEDIA_KEYS``; empty if there are none."""
    known = [key.key_id for key in installation_keys(settings.MEDIA_KEYS)]
    missing = FileKey.objects.exclude(wrapped_by__in=known).values("wrapped_by").annotate(files=Count("name"))
    named = ", ".join(f"{row['wrapped_by']} ({row['files']} files)" for row in missing.order_by("wrapped_by"))
    return f"Stored media are encrypted with keys that are not in MEDIA_KEYS: {named}." if named else ""


def file_keys_check() -> int:
    """Unwrap every file's key; returns how many there are. Raises :class:`interviews.media_storage.MediaLocked`."""
    names = FileKey.objects.values_list("name", flat=True)
    return sum(1 for name in names.iterator() if file_key(name))


def file_keys_rotate() -> int:
    """Wrap every file's key by the first of the installation's keys; returns how many were not. Files stay as they are.

    Raises :class:`Refusal` without a key, and where a file's key cannot be unwrapped.
    """
    keys = installation_keys(settings.MEDIA_KEYS)
    if not keys:
        raise Refusal("no_key", "MEDIA_KEYS names no key.")
    rotated = 0
    for name in FileKey.objects.exclude(wrapped_by=keys[0].key_id).values_list("name", flat=True).iterator():
        with transaction.atomic():
            if FileKey.objects.select_for_update().filter(name=name).exists():  # or it was erased meanwhile
                file_key_store(name, file_key(name))
                rotated += 1
    return rotated


def media_encrypt() -> int:
    """Encrypt what was stored before ``MEDIA_ENCRYPTION`` was switched on; returns how many files.

    Nothing may read or write media meanwhile. Raises :class:`Refusal` while the setting is off.
    """
    if not settings.MEDIA_ENCRYPTION:
        raise Refusal("off", "MEDIA_ENCRYPTION is off, so nothing is encrypted.")
    root = Path(cast(MediaStorage, default_storage).base_location)
    done = 0
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if name.parts[0] not in (*OPEN_FOLDERS, *NOT_STORED) and path.is_file() and not is_encrypted(path):
            _encrypt(path, str(name))
            done += 1
    return done


def _encrypt(path: Path, name: str) -> None:
    """The key is kept before the file is replaced, so that a crash between loses nothing."""
    draft, key = path.with_name(f".{path.name}.encrypting"), new_key()
    with draft.open("wb") as target, path.open("rb") as source:
        target.writelines(encrypted(_blocks(source), key))
        target.flush()
        os.fsync(target.fileno())
    file_key_store(name, key)
    draft.replace(path)


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    while block := source.read(BLOCK_BYTES):
        yield block
