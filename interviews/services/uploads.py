"""Uploads in pieces, so that no request is large and a broken connection costs one piece."""

import fcntl
import os
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from interviews.errors import OffsetConflict
from interviews.file_names import name_refusal
from interviews.media_encryption.pieces import piece_append, pieces_end
from interviews.models import Organization, Recording, Upload, User
from interviews.selectors import organization_of
from interviews.services.received_files import received_erase, received_key, received_key_new, received_key_store
from interviews.services.receiving import BodyTooLong, body_blocks, body_write, disk_full_refused, space_require

STRAY_AFTER: Final = timedelta(hours=24)
IDLE_AFTER: Final = timedelta(hours=1)
MAXIMUM_UNFINISHED: Final = 5
"""Uploads of one person that are not an interview yet."""
NOT_RECRUITING: Final = "You are in no organization as recruiter or administrator. Ask your administrator."
MORE_THAN_ANNOUNCED: Final = "More of this file arrived than was announced. Upload it again."


def upload_begin(*, by: User, file_name: str, size_bytes: int) -> Upload:
    """Announce a file, and make an empty one for its bytes.

    Raises ``ValidationError`` (``file``) for what can be refused before a byte is sent.
    """
    organization = organization_of(by)
    if organization is None:
        raise ValidationError({"file": NOT_RECRUITING})
    name = PurePosixPath(file_name.replace("\\", "/")).name
    if sentence := name_refusal(name):
        raise ValidationError({"file": f"“{name}”: {sentence}"})
    if size_bytes <= 0:
        raise ValidationError({"file": "This file is empty (0 bytes). Choose the recording again."})
    if size_bytes > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(
            {
                "file": f"This file has {filesizeformat(size_bytes)}; the limit is"
                f" {filesizeformat(settings.MAX_UPLOAD_BYTES)}. Export the recording with a lower bit rate."
            }
        )
    return _begin(by=by, organization=organization, name=name, size_bytes=size_bytes)


def installation_upload_begin(*, by: User, file_name: str, size_bytes: int) -> Upload:
    """As :func:`upload_begin`, for a file that is no recording and has no organization. The caller checks its kind.

    Raises ``ValidationError`` (``file``) when there is no room for it.
    """
    name = PurePosixPath(file_name.replace("\\", "/")).name
    return _begin(by=by, organization=None, name=name, size_bytes=size_bytes)


def _begin(*, by: User, organization: Organization | None, name: str, size_bytes: int) -> Upload:
    upload = Upload(organization=organization, created_by=by, file_name=name[-255:], size_bytes=size_bytes)
    upload.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # several at once are counted one after the other
        _refuse_too_many(by)
        announced = _announced(Upload.objects.all())
        space_require(upload.path.parent, announced + size_bytes, field="file")
        if organization is not None:
            _refuse_over_quota(organization, size_bytes)
        upload.save()
        received_key_store(upload.path, received_key_new())
    upload.path.touch()
    return upload


def _announced(uploads: QuerySet[Upload]) -> int:
    """Bytes that were announced and have not arrived: space that is promised."""
    return sum(upload.size_bytes - upload.received_bytes for upload in uploads)


def _refuse_over_quota(organization: Organization, size_bytes: int) -> None:
    if not settings.ORGANIZATION_BYTES:
        return
    kept = Recording.objects.filter(interview__organization=organization).aggregate(bytes=Sum("size_bytes"))["bytes"]
    uploads = organization.uploads.aggregate(bytes=Sum("size_bytes"))["bytes"]
    if (kept or 0) + (uploads or 0) + size_bytes > settings.ORGANIZATION_BYTES:
        raise ValidationError(
            {
                "file": f"{organization} may keep {filesizeformat(settings.ORGANIZATION_BYTES)} of recordings."
                " Delete interviews that are no longer needed, or ask whoever runs this installation for more."
            }
        )


def upload_append(*, upload: Upload, offset: int, piece: BinaryIO) -> Upload:
    """Write ``piece`` at ``offset``, which must be where the last piece ended.

    Raises :class:`OffsetConflict` otherwise, ``Upload.DoesNotExist`` when it was given up meanwhile, and
    ``ValidationError`` (``file``) when the piece is larger than ``UPLOAD_CHUNK_BYTES`` or than the file was announced
    to be, or the disk is full. What had arrived before stays.
    """
    with _opened(upload) as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # two requests with the same piece: the second finds its offset taken
        upload.refresh_from_db()
        key = received_key(upload.path)
        have = file.seek(0, os.SEEK_END) if key is None else pieces_end(file)[1]
        if have < upload.received_bytes:  # the disk has lost what the row remembers, as after a power cut
            Upload.objects.filter(pk=upload.pk).update(received_bytes=have)
            raise OffsetConflict(have)
        if offset != upload.received_bytes:
            raise OffsetConflict(upload.received_bytes)
        limit = min(settings.UPLOAD_CHUNK_BYTES, upload.size_bytes - offset)
        space_require(upload.path.parent, limit, field="file")
        end = offset if key is None else pieces_end(file, offset=offset)[0]
        file.truncate(end)  # whatever an interrupted request left behind
        file.seek(end)
        try:
            with disk_full_refused(field="file"):
                if key is None:
                    written = body_write(piece, file, limit_bytes=limit)
                else:
                    written = piece_append(file, key, body_blocks(piece, limit_bytes=limit))
        except BodyTooLong as error:
            file.truncate(end)
            raise ValidationError({"file": MORE_THAN_ANNOUNCED}) from error
        except (OSError, ValidationError):
            file.truncate(end)
            raise
        if not Upload.objects.filter(pk=upload.pk).update(received_bytes=offset + written):
            raise Upload.DoesNotExist
    upload.received_bytes = offset + written
    return upload


def upload_discard(*, upload: Upload) -> None:
    """Remove an upload and its bytes."""
    with transaction.atomic():
        Upload.objects.filter(pk=upload.pk).delete()
        transaction.on_commit(lambda: received_erase(upload.path))


def uploads_sweep() -> int:
    """Remove uploads that nobody finished within a day, and bytes without a row; returns how many uploads."""
    before = timezone.now() - STRAY_AFTER
    strays = list(Upload.objects.filter(created_at__lt=before))
    for upload in strays:
        upload_discard(upload=upload)
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    for path in folder.glob("*.part"):
        known = Upload.objects.filter(pk=path.stem).exists()
        if not known and path.stat().st_mtime < before.timestamp():
            received_erase(path)
    return len(strays)


def _opened(upload: Upload) -> BinaryIO:
    try:
        return upload.path.open("r+b")
    except FileNotFoundError as error:
        raise Upload.DoesNotExist from error


def _refuse_too_many(by: User) -> None:
    """Limit the unfinished uploads of a person, because each takes up disk space. Idle ones are discarded first."""
    waiting = list(by.uploads.all())
    if len(waiting) < MAXIMUM_UNFINISHED:
        return
    before = (timezone.now() - IDLE_AFTER).timestamp()
    idle = [upload for upload in waiting if not upload.path.exists() or upload.path.stat().st_mtime < before]
    for upload in idle:
        upload_discard(upload=upload)
    if len(waiting) - len(idle) >= MAXIMUM_UNFINISHED:
        raise ValidationError(
            {
                "file": f"You are uploading {MAXIMUM_UNFINISHED} files already."
                " Finish or cancel one of them first; an upload that stands still is given up after an hour."
            }
        )
