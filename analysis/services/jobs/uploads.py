"""Uploads of model files. The file is stored here as opaque bytes; another process inspects it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage

from analysis.models import Modality, ModelJob
from analysis.services.errors import ModelRefused
from analysis.services.jobs.requests import job_create, version_name_check
from interviews.models import Upload, User
from interviews.services import installation_upload_begin, upload_discard
from interviews.services.received_files import upload_readable

LARGEST_BYTES: Final = 128 * 1024**2
"""Equal to :data:`ml.imports.inspect.LARGEST_BYTES` (checked by a test)."""
UPLOADS: Final = "models/uploads"
MOST_TEXT: Final = 2000


def model_upload_begin(*, by: User, file_name: str, size_bytes: int) -> Upload:
    """Announce a file that is sent in pieces because it is larger than one request.

    Raises :class:`ModelRefused` for a name or size that is not accepted, and ``ValidationError`` when there is no room
    for it.
    """
    _size_check(size_bytes)
    return installation_upload_begin(by=by, file_name=file_name, size_bytes=size_bytes)


def model_upload_finish(*, upload: Upload, **fields: Any) -> ModelJob:
    """:func:`model_upload_receive` with the ``fields`` and a file that has arrived in pieces.

    The file is kept for another try when the import is refused.
    """
    if not upload.is_complete:
        raise ModelRefused("This file has not arrived as a whole yet. Upload it again.")
    try:
        with upload_readable(upload) as path, path.open("rb") as stream:
            job = model_upload_receive(file=File(stream, name=upload.file_name), **fields)
    except FileNotFoundError as error:
        raise ModelRefused("The server no longer has this file. Upload it again.") from error
    upload_discard(upload=upload)
    return job


def model_upload_receive(
    *,
    file: File[Any],
    modality: str,
    name: str,
    version: str,
    labels: Sequence[str],
    by: User | None,
    by_name: str = "",
    preprocessing: Mapping[str, float] | None = None,
    data: str = "",
    licence: str = "",
) -> ModelJob:
    """Store an uploaded ``.keras`` or ``.tflite`` file under a generated name, and queue its import.

    ``labels`` name the network's outputs in order. ``preprocessing`` holds the numbers that the modality's
    preprocessing needs (speech: ``mean`` and ``std``; by default the installed version's). ``data`` and ``licence``
    describe the training data and its terms. ``by_name`` names the person where ``by`` is None. Raises
    :class:`ModelRefused` for faults that are visible without opening the file; the job refuses all others.
    """
    if modality == Modality.EYE_GAZE:
        raise ModelRefused("Eye gaze is computed from geometry: it has no network, so there is nothing to upload.")
    if modality not in Modality.values:
        raise ModelRefused("There is no such modality.")
    if not name.strip():
        raise ModelRefused("Give the version a name that people recognise.")
    version_name_check(modality, version)
    _size_check(file.size)
    options: dict[str, Any] = {
        "name": name.strip()[:100],
        "version": version,
        "labels": [str(label) for label in labels],
        "preprocessing": dict(preprocessing or {}),
        "data": data.strip()[:MOST_TEXT],
        "licence": licence.strip()[:MOST_TEXT],
        "by_name": by_name,
    }
    stored = default_storage.save(f"{UPLOADS}/{uuid4()}.upload", file)
    try:
        return job_create(kind=ModelJob.Kind.IMPORT, modality=modality, by=by, options=options, upload=stored)
    except BaseException:
        default_storage.delete(stored)
        raise


def _size_check(size_bytes: int) -> None:
    if not size_bytes:
        raise ModelRefused("This file is empty (0 bytes). Choose the model again.")
    if size_bytes > LARGEST_BYTES:
        raise ModelRefused(
            f"This file has {size_bytes / 1024**2:,.0f} MB; a model may have {LARGEST_BYTES // 1024**2} MB."
        )
