"""The storage of media in a folder of this machine. With ``MEDIA_ENCRYPTION`` new files are encrypted, each with a key
of its own (:class:`FileKey`); what was encrypted once is decrypted where it is opened, whatever the setting is now.
"""

import io
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage
from django.db.models.fields.files import FieldFile

from interviews.errors import Refusal
from interviews.media_encryption.files import CHUNK_BYTES, DecryptedFile, content_size, encrypted, is_encrypted, new_key
from interviews.media_encryption.keys import installation_keys
from interviews.models import FileKey

OPEN_FOLDERS: Final = ("models", "erased")
"""What is about nobody: model versions, which programs read from the disk, and receipts of erasures."""


class MediaLocked(Refusal):
    """An encrypted file whose key this installation has not."""

    def __init__(self, sentence: str) -> None:
        super().__init__("media_locked", sentence, status=HTTPStatus.SERVICE_UNAVAILABLE)


class MediaStorage(FileSystemStorage):  # its stubs lack _open and _save
    """Files are encrypted where they are saved, and decrypted where they are opened."""

    def size(self, name: str) -> int:
        size_bytes = super().size(name)
        return content_size(size_bytes) if is_encrypted(Path(self.path(name))) else size_bytes

    def delete(self, name: str) -> None:
        # The key first: without it the file is erased, even if the disk refuses. A file that is gone from the disk may
        # be in a backup.
        if name and (settings.MEDIA_KEYS or is_encrypted(Path(self.path(name)))):
            FileKey.objects.filter(name=name).delete()
        super().delete(name)

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        path = Path(self.path(name))
        if not is_encrypted(path):
            return cast("File[Any]", super()._open(name, mode))  # type: ignore[misc]
        return _Opened(path, file_key(name), name)

    def _save(self, name: str, content: "File[Any]") -> str:
        if not settings.MEDIA_ENCRYPTION or name.partition("/")[0] in OPEN_FOLDERS:
            return cast(str, super()._save(name, content))  # type: ignore[misc]
        key = new_key()
        stored = cast(str, super()._save(name, _Encrypting(content, key)))  # type: ignore[misc]
        try:
            file_key_store(stored, key)
        except BaseException:
            super().delete(stored)
            raise
        return stored


class _Encrypting(File):  # type: ignore[type-arg]  # Django's class takes none at run time
    """A content on its way to the disk."""

    def __init__(self, content: "File[Any]", key: bytes) -> None:
        super().__init__(content.file, content.name)
        self._content, self._key = content, key

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        blocks = self._content.chunks(CHUNK_BYTES)
        return encrypted((block.encode() if isinstance(block, str) else block for block in blocks), self._key)


class _Opened(File):  # type: ignore[type-arg]
    """A decrypted file, which has no name on the disk."""

    def __init__(self, path: Path, key: bytes, name: str) -> None:
        self._path, self._key = path, key
        super().__init__(self._decrypted(), name)

    def open(self, mode: str | None = None, *args: Any, **options: Any) -> "_Opened":
        if self.closed:
            self.file = self._decrypted()
        self.seek(0)
        return self

    def _decrypted(self) -> io.BufferedReader:
        return io.BufferedReader(DecryptedFile(self._path.open("rb"), self._key), CHUNK_BYTES)


def local_path(file: FieldFile) -> Path | None:
    """Where programs can read a stored file as it is; None in a remote storage, and where it is encrypted."""
    try:
        path = Path(file.path)
    except NotImplementedError:
        return None
    return None if is_encrypted(path) else path


def file_key(name: str) -> bytes:
    """The key of an encrypted file. Raises :class:`MediaLocked`."""
    row = FileKey.objects.filter(name=name).first()
    if row is None:
        raise MediaLocked("This file is encrypted, and its key was erased.")
    for key in installation_keys(settings.MEDIA_KEYS):
        if key.key_id == row.wrapped_by:
            try:
                return key.unwrap(bytes(row.wrapped), name=name)
            except InvalidTag as error:
                raise MediaLocked("This file is encrypted, and its key was changed or is of another file.") from error
    raise MediaLocked(
        f"This file is encrypted with the installation's key {row.wrapped_by}, which is not in MEDIA_KEYS. Tell the"
        " administrator of this installation."
    )


def file_key_store(name: str, key: bytes) -> None:
    """Keep the key of a file, wrapped by the first of the installation's keys."""
    wrapping = installation_keys(settings.MEDIA_KEYS)[0]
    values = {"wrapped": wrapping.wrap(key, name=name), "wrapped_by": wrapping.key_id}
    FileKey.objects.update_or_create(name=name, defaults=values)
