"""Files on their way into the storage: uploads, and parts of live recordings. Where media are encrypted, or go to an
object store, these are encrypted while they arrive, each with a key of its own (:class:`FileKey`), as stored files are.

They lie in folders of this machine, also where the storage is an object store. A file that has no key is not encrypted.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from interviews.media_encryption.files import decrypted, new_key
from interviews.media_encryption.pieces import pieces_end, pieces_read
from interviews.media_storage import file_key, file_key_store
from interviews.models import FileKey, Upload
from interviews.services.erasing import folder_erase
from interviews.services.working_folders import working_folder


def received_key_new() -> bytes | None:
    """A key for a file that is about to arrive; None where nothing is encrypted."""
    is_encrypted = settings.MEDIA_ENCRYPTION or (settings.S3_BUCKET and settings.MEDIA_KEYS)
    return new_key() if is_encrypted else None


def received_key_store(path: Path, key: bytes | None) -> None:
    if key is not None:
        file_key_store(_name(path), key)


def received_key(path: Path) -> bytes | None:
    """The key of the file; None where it is not encrypted. Raises :class:`interviews.media_storage.MediaLocked`."""
    return file_key(_name(path)) if FileKey.objects.filter(name=_name(path)).exists() else None


def received_erase(path: Path) -> None:
    """Remove a file, its key first: without it the file is erased, even if the disk refuses."""
    FileKey.objects.filter(name=_name(path)).delete()
    path.unlink(missing_ok=True)


@transaction.atomic
def received_move(path: Path, target: Path) -> None:
    """Give a file another name, under which its key is kept then. The file gets it after the commit: until then it has
    keys under both names, and is read whatever becomes of the transaction."""
    received_key_store(target, received_key(path))
    transaction.on_commit(partial(_renamed, path, target))


def _renamed(path: Path, target: Path) -> None:
    with suppress(FileNotFoundError):  # erased meanwhile
        path.replace(target)
    FileKey.objects.filter(name=_name(path)).delete()


def received_folder_erase(folder: Path) -> bool:
    """Remove a folder of received files with their keys; whether nothing of it is left."""
    FileKey.objects.filter(name__startswith=f"{_name(folder)}/").delete()
    return folder_erase(folder)


def part_readable(path: Path, folder: Path) -> Path:
    """Where a program can read a part of a recording: the part itself, or a decrypted copy in ``folder``."""
    key = received_key(path)
    if key is None:
        return path
    copy = folder / path.name
    with path.open("rb") as source, copy.open("xb") as target:
        target.writelines(decrypted(source, key, size_bytes=path.stat().st_size))
    return copy


@contextmanager
def upload_readable(upload: Upload) -> Iterator[Path]:
    """Where programs can read what has arrived: the file itself, or a decrypted copy for as long. Raises
    ``FileNotFoundError``."""
    key = received_key(upload.path)
    if key is None:
        yield upload.path
        return
    with working_folder() as folder:
        copy = folder / "upload"
        with upload.path.open("rb") as source, copy.open("xb") as target:
            target.writelines(pieces_read(source, key))
        yield copy


def upload_arrived_bytes(upload: Upload) -> int:
    """How much of the content is on the disk. Raises ``FileNotFoundError``."""
    if received_key(upload.path) is None:
        return upload.path.stat().st_size
    with upload.path.open("rb") as file:
        return pieces_end(file)[1]


def _name(path: Path) -> str:
    return str(path.relative_to(settings.MEDIA_ROOT))
