"""Storing a live recording: once its parts have arrived they become one recording. Called by the worker's task.

Nothing is deleted before the recording is stored and committed; what could not be read stays on the disk, and the
room says so.
"""

import fcntl
import logging
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max, QuerySet
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import Chunk, Interview, Recording, Room, Take
from interviews.selectors import consents_of
from interviews.selectors.policy import interview_hold
from interviews.services.interviews import recording_add, sha256_of
from interviews.services.probing import recording_probe
from interviews.services.received_files import part_readable, received_erase, received_folder_erase
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.held import held_files, recorded_hold
from interviews.services.rooms.parts import parts_kept_until
from interviews.services.rooms.publishing import room_store_publish
from interviews.services.rooms.remuxing import Joined, RemuxFailed, takes_remux
from interviews.services.working_folders import working_folder

logger = logging.getLogger(__name__)
Status = Room.Status

OUTSTANDING_FOR: Final = timedelta(seconds=180)
"""How long after the last chunk more are waited for: a network that was away for two minutes is back by then, and the
candidate's browser has noticed (a silent connection is given up after 10 s, and tried again after at most 13)."""
UNHEARD_S: Final = 3.0
"""How long after the end is kept: so long the news of it may take, and the clocks agree no better than that."""
LATE_S: Final = 60.0
"""Delay of a take's report from which the host is told: only the candidate's browser dates the beginning of a take."""
MAXIMUM_ATTEMPTS: Final = 3
UNREAD_BYTES: Final = 16 * 1024
"""An unread end of a take smaller than this is what a cut leaves of a frame, not a part worth keeping."""
JOINED: Final = "recording"
LOCK: Final = "store.lock"
DECLINED: Final = "The candidate did not agree to be recorded, so there is no recording."
HELD: Final = (
    "The candidate no longer agrees to the recording. What had arrived is shown to nobody, and is erased when the hold"
    " on this interview has ended."
)
NOTHING_CAME: Final = "No part of a recording reached the server."


def room_store(*, room_id: UUID, then: Callable[[Recording], object]) -> None:
    """Store the recording of an ended room, if all of it has arrived and no one else is at it.

    ``then`` adds, in the same transaction, what no recording may be without: the request of its analysis. Every
    outcome is written to the row, and nothing is raised: whatever goes wrong inside is tried again by the sweep, and
    fails for good on the third attempt. Calling it twice, or early, is fine.
    """
    room = Room.objects.select_related("interview__candidate", "host").filter(pk=room_id, status=Status.ENDED).first()
    if room is None or not _is_complete(room, timezone.now()):
        return
    with _locked(room) as alone:
        if not alone:
            return
        try:
            _store(room, then)
        except (RemuxFailed, ValidationError) as error:
            sentence = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            _fail(room, f"{sentence} What was received is kept on the server{_until(room)}.")
        except Exception:
            _count_attempt(room)


def room_store_retry(*, room: Room) -> Room:
    """Try again where storing failed. Raises :class:`Refusal` for any other room."""
    failed = Room.objects.filter(pk=room.pk, status=Status.FAILED)
    if not failed.update(status=Status.ENDED, failure_reason="", store_attempts=0):
        raise Refusal("nothing_failed", "There is no recording here that could not be stored.")
    room_announce(room_id=room.pk, what="room")
    room_store_publish(room_id=room.pk)
    room.refresh_from_db()
    return room


def _is_complete(room: Room, now: datetime) -> bool:
    """Whether everything has arrived, or nothing more is to be expected."""
    if not consents_of(interview_id=room.interview_id).recording or room.opened_at is None:
        return True
    takes = room.takes.filter(held_at=None).annotate(arrived=Count("chunks"))
    missing = takes.exclude(finished_at__isnull=False, arrived__gte=F("expected_chunks"))
    if takes.exists() and not missing.exists():
        return True
    last = _chunks(room).aggregate(at=Max("received_at"))["at"]
    moments = [room.ended_at, last, room.takes.aggregate(at=Max("created_at"))["at"]]
    latest: datetime = max(moment for moment in moments if moment is not None)
    return now - latest > OUTSTANDING_FOR


@contextmanager
def _locked(room: Room) -> Iterator[bool]:
    """Try to lock the room's folder; yields whether it was free. The lock ends with the process."""
    room.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (room.folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _store(room: Room, then: Callable[[Recording], object]) -> None:
    agreed = consents_of(interview_id=room.interview_id).recording
    if not agreed and interview_hold(interview=room.interview) is not None:
        recorded_hold(room=room)
    chunks = list(_chunks(room).select_related("take__room"))
    if not agreed or not chunks:
        reason = HELD if room.takes.exclude(held_at=None).exists() else NOTHING_CAME if agreed else DECLINED
        _close(room, Status.UNRECORDED, reason, expected_chunks=len(chunks))
        return
    takes = [(take, _parts(take, chunks)) for take in room.takes.filter(held_at=None)]
    with working_folder() as folder:
        joined = _joined(room, takes, folder)
        kept = _unread(takes, joined)
        if not _recorded(room, chunks, joined, _notes(chunks, kept, joined, room), then):
            return
    _clear_folder(room.folder, keep=kept | held_files(room=room))


def _joined(room: Room, takes: list[tuple[Take, list[Chunk]]], folder: Path) -> Joined:
    """The joined recording, in ``folder``, where parts that are encrypted lie decrypted beside it meanwhile."""
    readable, writable = folder / "parts", folder / JOINED
    for made in (readable, writable):
        made.mkdir(mode=0o700)
    paths = [(take, [part_readable(chunk.path, readable) for chunk in parts]) for take, parts in takes if parts]
    return takes_remux(room=room, takes=paths, end_s=_end_s(room), stem=writable / JOINED)


def _notes(chunks: list[Chunk], kept: set[Path], joined: Joined, room: Room) -> list[str]:
    """Sentences on what is not in the recording."""
    notes = [*joined.notes]
    notes += _late(room)
    if missing := sum(not chunk.path.exists() for chunk in chunks):
        notes.append(f"{missing} of {len(chunks)} received parts have disappeared from the server's disk.")
    if kept:
        unread = f"{len(kept)} of {len(chunks)} received parts could not be read"
        notes.append(f"{unread} and are kept on the server{_until(room)}.")
    return notes


def _late(room: Room) -> list[str]:
    """A sentence for each take that was reported more than :data:`LATE_S` after its beginning."""
    delays = [(take, take.created_at - (room.recording_started_at or take.created_at)) for take in room.takes.all()]
    late = [(take, delay.total_seconds() - take.offset_s) for take, delay in delays]
    return [
        f"Part {take.number} was reported {delay_s / 60:.0f} minutes after it had begun; that it began then is what the"
        " candidate's browser says."
        for take, delay_s in late
        if delay_s > LATE_S
    ]


def _recorded(
    room: Room, chunks: list[Chunk], joined: Joined, notes: list[str], then: Callable[[Recording], object]
) -> bool:
    """Make the recording, in one transaction; False where something has changed meanwhile: the sweep calls again."""
    probed = recording_probe(joined.path, needs_picture=False)
    sha256 = sha256_of(joined.path)
    with transaction.atomic():
        # In the order in which everybody takes these locks.
        Interview.objects.select_for_update(of=("self",)).filter(pk=room.interview_id).first()
        locked = Room.objects.select_for_update(of=("self",)).filter(pk=room.pk, status=Status.ENDED).first()
        if locked is None or _chunks(room).count() != len(chunks):
            return False  # erased, or another chunk has come
        if not consents_of(interview_id=room.interview_id).recording:
            return False  # withdrawn meanwhile; the next call closes the room without a recording
        _move_clock(room, by_s=joined.start_s, duration_s=probed.duration_s)
        recording = recording_add(
            interview=room.interview,
            path=joined.path,
            original_name=f"Live interview of {room.opened_at or room.created_at:%-d %B %Y}{joined.path.suffix}",
            sha256=sha256,
            probed=probed,
            by=room.host,
            before_storing=then,
        )
        Room.objects.filter(pk=room.pk).update(status=Status.STORED, failure_reason=" ".join(notes))
        room_announce(room_id=room.pk, what="room")
    logger.info("room %s is stored as recording %s", room.pk, recording.pk)
    return True


def _end_s(room: Room) -> float:
    """The second of the room's clock from which on nothing is kept: what the candidate agreed to ends with the
    interview, or when they have it stop, but a page without a network goes on recording until it hears of that."""
    ended_at = room.recording_stopped_at or room.ended_at
    assert ended_at is not None
    return (room.clock_s(ended_at) or 0.0) + UNHEARD_S


def _chunks(room: Room) -> QuerySet[Chunk]:
    """The parts that may become the recording."""
    return Chunk.objects.filter(take__room=room, take__held_at=None)


def _parts(take: Take, chunks: list[Chunk]) -> list[Chunk]:
    mine = sorted((chunk for chunk in chunks if chunk.take_id == take.pk), key=lambda chunk: chunk.sequence)
    return [chunk for chunk in mine if chunk.path.exists()]


def _unread(takes: list[tuple[Take, list[Chunk]]], joined: Joined) -> set[Path]:
    """Parts behind the last byte that could be read of their take."""
    unread: set[Path] = set()
    for take, parts in takes:
        read = joined.read_bytes.get(take.number, 0)
        if sum(part.size_bytes for part in parts) - read < UNREAD_BYTES:
            continue
        start = 0
        for part in parts:
            end = start + part.size_bytes
            if end > read:
                unread.add(part.path)
            start = end
        unread.add(parts[0].path)  # without its beginning, the rest of a take is of no use to anybody
    return unread


def _move_clock(room: Room, *, by_s: float, duration_s: float) -> None:
    """Second 0 of the room's clock becomes second 0 of the file; marks beyond its end stand at the end."""
    if by_s and room.recording_started_at is not None:
        started_at = room.recording_started_at + timedelta(seconds=by_s)
        Room.objects.filter(pk=room.pk).update(recording_started_at=started_at)
        room.takes.update(offset_s=F("offset_s") - by_s)
    for question in room.interview.questions.all():
        question.at_s = min(max(0.0, question.at_s - by_s), duration_s)
        question.save(update_fields=["at_s"])
    for note in room.interview.notes.exclude(at_s=None):
        note.at_s = min(max(0.0, (note.at_s or 0.0) - by_s), duration_s)
        note.save(update_fields=["at_s"])


def _close(room: Room, status: str, reason: str, *, expected_chunks: int) -> None:
    """Close a room without a recording, unless a chunk has come meanwhile; its files go."""
    with transaction.atomic():
        locked = Room.objects.select_for_update(of=("self",)).filter(pk=room.pk, status=Status.ENDED).first()
        if locked is None or _chunks(room).count() != expected_chunks:
            return
        _chunks(room).delete()
        Room.objects.filter(pk=room.pk).update(status=status, failure_reason=reason)
        room_announce(room_id=room.pk, what="room")
    _clear_folder(room.folder, keep=held_files(room=room))


def _fail(room: Room, reason: str) -> None:
    logger.error("room %s could not be stored: %s", room.pk, reason)
    Room.objects.filter(pk=room.pk, status=Status.ENDED).update(status=Status.FAILED, failure_reason=reason)
    room_announce(room_id=room.pk, what="room")


def _count_attempt(room: Room) -> None:
    reference = uuid.uuid4().hex[:8].upper()
    logger.exception("room %s could not be stored, reference %s", room.pk, reference)
    if not Room.objects.filter(pk=room.pk).update(store_attempts=F("store_attempts") + 1):
        received_folder_erase(room.folder)  # erased meanwhile
        return
    room.refresh_from_db()
    if room.store_attempts >= MAXIMUM_ATTEMPTS:
        _fail(
            room,
            f"Storing the recording stopped because of an internal error (reference {reference})."
            f" What was received is kept on the server{_until(room)}.",
        )


def _until(room: Room) -> str:
    return f" until {parts_kept_until(room=room):%-d %B %Y}"


def _clear_folder(folder: Path, *, keep: set[Path]) -> None:
    if not keep:
        received_folder_erase(folder)
        return
    for path in folder.iterdir():
        if path not in keep and path.is_file():
            received_erase(path)
