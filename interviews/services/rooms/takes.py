"""Receiving a live recording: the browser's recorder sends each take in chunks, in the order it was made.

A chunk is a file of its own. Its row is written once its bytes are whole, checked and on the disk; so rows are the
truth, and a crash leaves at most a file that nobody names.
"""

import hashlib
import os
import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from interviews.errors import ChunkConflict, Refusal
from interviews.media_encryption.files import encrypted
from interviews.models import Chunk, ConsentEvent, Room, Take
from interviews.selectors import consents_of
from interviews.services.received_files import received_folder_erase, received_key_new, received_key_store
from interviews.services.receiving import BodyTooLong, body_blocks, disk_full_refused, space_require
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.publishing import room_store_publish

Status = Room.Status

MIME_TYPES: Final = ("video/webm", "video/mp4", "video/x-matroska")
MAXIMUM_TAKES: Final = 100
LONGEST_DELAY: Final = timedelta(hours=1)
"""How long the news of a take may have been on its way: a browser without a network goes on recording."""
ERASED: Final = "The candidate took this part of the recording back, so nothing more of it is accepted."
STOPPED: Final = "The candidate has had the recording stop, so nothing more is recorded."
NOT_AGREED: Final = "The candidate has not agreed to be recorded, so nothing of a recording is accepted."


def take_begin(*, room: Room, mime_type: str, started_ms: int, sent_ms: int | None = None) -> tuple[Take, bool]:
    """Announce that the browser's recorder has started; returns the take and whether it is new.

    ``started_ms`` and ``sent_ms`` are on the candidate's clock, which need not agree with ours: only their difference
    is used, and taken off the time of arrival; nothing begins before the room was opened and the candidate agreed to be
    recorded. The first take sets second 0 of the room's clock. The same
    ``started_ms`` again answers the same take. Raises :class:`Refusal` where nothing may be recorded, and
    ``ValidationError`` (``mime_type``).
    """
    if mime_type.split(";")[0].strip().lower() not in MIME_TYPES:
        raise ValidationError({"mime_type": "Recordings arrive as webm, mp4 or matroska."})
    delay = timedelta(milliseconds=max(0, (started_ms if sent_ms is None else sent_ms) - started_ms))
    now = timezone.now()
    with transaction.atomic():
        room = Room.objects.select_for_update(of=("self",)).get(pk=room.pk)
        started_at = max(now - min(delay, LONGEST_DELAY), _earliest(room, now))
        known = room.takes.filter(started_ms=started_ms).first()
        if known is not None:
            return known, False
        _refuse_take(room, started_at)
        if room.recording_started_at is None:
            room.recording_started_at = started_at
            room.save(update_fields=["recording_started_at"])
            room_announce(room_id=room.pk, what="room")
        take = Take.objects.create(
            room=room,
            number=room.takes.count() + 1,
            mime_type=mime_type,
            started_ms=started_ms,
            offset_s=room.clock_s(started_at) or 0.0,
        )
    return take, True


def take_next_sequence(*, take: Take) -> int:
    """The chunk that comes next; chunks have no gaps, so this is also how many have arrived."""
    return take.chunks.count()


def chunk_store(*, take: Take, sequence: int, sha256: str, body: BinaryIO) -> int:
    """Keep one chunk; returns the sequence that comes next. The same chunk again is fine.

    Raises :class:`ChunkConflict` when another one comes next, :class:`Refusal` when the chunk is too large or the room
    takes no more, ``Take.DoesNotExist`` when it was deleted meanwhile, and ``ValidationError`` (``chunk``) for bytes
    that were damaged on their way or a full disk. Nothing is kept of a chunk that is refused.
    """
    _refuse_erased(take)
    if (known := _known(take, sequence, sha256)) is not None:
        return known
    room = Room.objects.filter(pk=take.room_id).first()
    if room is None:
        raise Take.DoesNotExist
    _refuse_chunk(room)
    room.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = room.folder / f"{uuid.uuid4()}.incoming"
    try:
        key = received_key_new()
        size_bytes = _receive(body, draft, sha256, limit_bytes=_room_left(room), key=key)
        with transaction.atomic():
            locked = Room.objects.select_for_update(of=("self",)).filter(pk=room.pk).first()
            if locked is None:
                raise Take.DoesNotExist
            _refuse_chunk(locked)
            _refuse_erased(take)
            if (known := _known(take, sequence, sha256)) is not None:
                return known
            chunk = Chunk(take=take, sequence=sequence, size_bytes=size_bytes, sha256=sha256)
            draft.replace(chunk.path)
            received_key_store(chunk.path, key)
            chunk.save(force_insert=True)
            Room.objects.filter(pk=room.pk).update(candidate_seen_at=timezone.now())
    finally:
        draft.unlink(missing_ok=True)
        if not Room.objects.filter(pk=room.pk).exists():  # erased while this chunk arrived
            received_folder_erase(room.folder)
    if locked.status == Status.ENDED:
        room_store_publish(room_id=room.pk)
    return sequence + 1


def take_finish(*, take: Take, chunks: int) -> None:
    """The recorder has stopped after ``chunks`` chunks, some of which may still be on their way."""
    now = timezone.now()
    expected = max(chunks, take_next_sequence(take=take))
    Take.objects.filter(pk=take.pk, finished_at=None).update(finished_at=now, expected_chunks=expected)
    if Room.objects.filter(pk=take.room_id, status=Status.ENDED).exists():
        room_store_publish(room_id=take.room_id)


def _known(take: Take, sequence: int, sha256: str) -> int | None:
    """What comes next if this chunk has arrived before; None if it is the next one itself."""
    following = take_next_sequence(take=take)
    if sequence == following:
        return None
    if take.chunks.filter(sequence=sequence, sha256=sha256).exists():
        return following
    raise ChunkConflict(following)


def _earliest(room: Room, now: datetime) -> datetime:
    """The first moment from which the room may be recorded."""
    events = ConsentEvent.objects.filter(interview=room.interview_id, purpose=ConsentEvent.Purpose.RECORDING)
    agreed = events.last()
    moments = [room.opened_at, agreed.at if agreed is not None and agreed.given else None]
    return max((moment for moment in moments if moment is not None), default=now)


def _refuse_take(room: Room, started_at: datetime) -> None:
    # A take that began before the end, but whose news comes later, is still part of the interview.
    during = room.status == Status.LIVE or (
        room.status == Status.ENDED and room.ended_at is not None and started_at < room.ended_at
    )
    if not during:
        raise Refusal("not_live", "The interview is not under way, so nothing is recorded.")
    if not consents_of(interview_id=room.interview_id).recording:
        raise Refusal("not_agreed", NOT_AGREED)
    if room.recording_stopped_at is not None and started_at >= room.recording_stopped_at:
        raise Refusal("stopped", STOPPED)
    if room.takes.count() >= MAXIMUM_TAKES:
        raise Refusal("too_many_takes", f"A recording can be interrupted at most {MAXIMUM_TAKES} times.")


def _refuse_chunk(room: Room) -> None:
    if room.status not in (Status.LIVE, Status.ENDED):
        raise Refusal("room_closed", "The recording of this interview is complete; nothing more is accepted.")
    if not consents_of(interview_id=room.interview_id).recording:
        raise Refusal("not_agreed", NOT_AGREED)


def _refuse_erased(take: Take) -> None:
    """What was recorded before the candidate took it back may still be on its way."""
    take.refresh_from_db()
    if take.held_at is not None or (take.finished_at is not None and take.expected_chunks == 0):
        raise Refusal("erased", ERASED)


def _room_left(room: Room) -> int:
    used = Chunk.objects.filter(take__room=room).aggregate(bytes=Sum("size_bytes"))["bytes"] or 0
    left = settings.MAX_UPLOAD_BYTES - used
    if left <= 0:
        raise _too_large(
            f"This recording has reached {filesizeformat(settings.MAX_UPLOAD_BYTES)}, the largest this installation"
            " keeps. The call goes on without it."
        )
    return int(left)


def _receive(body: BinaryIO, draft: Path, sha256: str, *, limit_bytes: int, key: bytes | None) -> int:
    """Write ``body`` to ``draft``, encrypted with ``key`` if there is one; returns its size. Only bytes with this
    ``sha256`` are accepted."""
    limit_bytes = min(limit_bytes, settings.UPLOAD_CHUNK_BYTES)
    digest, written = hashlib.sha256(), 0

    def count(block: bytes) -> None:
        nonlocal written
        written += len(block)
        digest.update(block)

    space_require(draft.parent, limit_bytes, field="chunk")
    blocks = body_blocks(body, limit_bytes=limit_bytes, on_block=count)
    try:
        with disk_full_refused(field="chunk"), draft.open("wb") as file:
            file.writelines(blocks if key is None else encrypted(blocks, key))
            file.flush()
            os.fsync(file.fileno())  # once we say that it has arrived, the browser forgets it
    except BodyTooLong as error:
        raise _too_large(f"A chunk can have at most {filesizeformat(limit_bytes)}.") from error
    if digest.hexdigest() != sha256:
        raise ValidationError({"chunk": "The chunk was damaged on its way. Send it again."})
    return written


def _too_large(sentence: str) -> Refusal:
    return Refusal("too_large", sentence, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
