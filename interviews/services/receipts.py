"""Receipts of erasures as files beside the media: a restored backup reads them, and erases again what was erased since.

A receipt is an empty file whose name is the id of an interview, or of a recording that was erased alone. It is written
before the erasure is committed, because one too many does no harm: ids are never used again.
"""

from pathlib import Path
from typing import Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER: Final = "erased"


def receipt_write(*, erased_id: UUID) -> None:
    """Keep that something was erased. Raises the storage's own error, and nothing is erased then."""
    name = f"{FOLDER}/{erased_id}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b""))


def receipts() -> set[UUID]:
    """The ids of everything that was erased here."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return set()
    return {found for name in names if (found := _id_of(name)) is not None}


def receipts_copy(folder: Path) -> None:
    """Add the receipts of a folder, which may be newer than those of a backup."""
    for path in folder.iterdir():
        if (found := _id_of(path.name)) is not None:
            receipt_write(erased_id=found)


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
