"""Receipts of erasures as files beside the media: a restored backup reads them, and erases again what was erased since.

A receipt is an empty file whose name is the id of an interview. It is written before the erasure is committed, because
one too many does no harm: ids are never used again.
"""

from typing import Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

FOLDER: Final = "erased"


def receipt_write(*, interview_id: UUID) -> None:
    """Keep that an interview was erased. Raises the storage's own error, and nothing is erased then."""
    name = f"{FOLDER}/{interview_id}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(b""))


def receipts() -> set[UUID]:
    """The ids of all interviews that were erased here."""
    try:
        _, names = default_storage.listdir(FOLDER)
    except FileNotFoundError:
        return set()
    return {found for name in names if (found := _id_of(name)) is not None}


def _id_of(name: str) -> UUID | None:
    try:
        return UUID(name)
    except ValueError:
        return None
