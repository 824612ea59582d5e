"""The states of a room: opening, presence, ending, and ending rooms that everybody has left."""

import logging
from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from interviews.errors import Refusal
from interviews.models import Notification, Room, User
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy
from interviews.services.notifications import notify
from interviews.services.rooms.announcing import room_announce
from interviews.services.rooms.publishing import room_store_publish

logger = logging.getLogger(__name__)
Status = Room.Status

EMPTY_AFTER: Final = timedelta(minutes=15)
"""A live room that nobody has been in for this long is ended."""
HOST_AWAY_AFTER: Final = timedelta(minutes=2)
"""A host who has not been in the room for so long is told that the candidate waits."""
BEFORE_THE_LIMIT: Final = timedelta(seconds=60)
"""How long before the longest recording that can be stored a room is ended."""


def room_open(*, room: Room, by: User) -> Room:
    """The host lets the candidate in; asking twice is fine. Raises :class:`Refusal` when it has ended, and before a
    notice period has passed where something would be analysed."""
    policy = interview_policy(interview=room.interview)
    if policy.modalities and (sentence := notice_pending(interview=room.interview, policy=policy)):
        raise Refusal("notice_period", sentence)
    now = timezone.now()
    opened = Room.objects.filter(pk=room.pk, status=Status.WAITING)
    if opened.update(status=Status.LIVE, opened_at=now, host_seen_at=now):
        room_announce(room_id=room.pk, what="room")
    room.refresh_from_db()
    if not room.is_running:
        raise Refusal("room_ended", "This interview has ended and cannot be opened again.")
    return room


def room_end(*, room: Room, by: User | None, reason: str = "") -> Room:
    """End the interview for everybody and have its recording stored; asking twice is fine.

    ``by`` None: nobody did, ``reason`` says why it ended.
    """
    reason = reason or f"Ended by {by}."
    with transaction.atomic():
        running = Room.objects.filter(pk=room.pk, status__in=Room.RUNNING)
        if running.update(status=Status.ENDED, ended_at=timezone.now(), end_reason=reason[:200]):
            room_announce(room_id=room.pk, what="room")
            room_store_publish(room_id=room.pk)
    room.refresh_from_db()
    return room


def room_blind_set(*, room: Room, blind: bool) -> Room:
    """Hide the live readings from the host, or show them; the analysis goes on."""
    Room.objects.filter(pk=room.pk).update(blind=blind)
    room_announce(room_id=room.pk, what="room")
    room.refresh_from_db()
    return room


def room_presence_mark(*, room_id: UUID, who: Literal["candidate", "host"]) -> None:
    """Note a sign of life. Called about once a minute per connection, and for every chunk that arrives."""
    now = timezone.now()
    if who == "candidate":
        _tell_host(room_id, now)
    Room.objects.filter(pk=room_id).update(**{f"{who}_seen_at": now})


def _tell_host(room_id: UUID, now: datetime) -> None:
    """Tell the host that the candidate has come and waits, unless one of them was here just before."""
    away = Q(candidate_seen_at=None) | Q(candidate_seen_at__lt=now - EMPTY_AFTER)
    elsewhere = Q(host_seen_at=None) | Q(host_seen_at__lt=now - HOST_AWAY_AFTER)
    waiting = Room.objects.filter(away, elsewhere, pk=room_id, status=Status.WAITING)
    for room in waiting.select_related("interview", "host"):
        notify(kind=Notification.Kind.CANDIDATE_WAITING, interview=room.interview, people=[room.host])


def room_leave(*, room: Room) -> None:
    """The candidate says goodbye. What they still have to send may arrive afterwards; they may also come back."""
    room_presence_mark(room_id=room.pk, who="candidate")
    room_announce(room_id=room.pk, what="left")


def rooms_end_abandoned(*, now: datetime) -> None:
    """End live rooms that everybody has left, and those that reach the longest recording that can be stored."""
    live = Room.objects.filter(status=Status.LIVE)
    # COALESCE, because the greatest of a value and null is null on SQLite, and the value on PostgreSQL.
    last_seen = Greatest(
        F("opened_at"), Coalesce("candidate_seen_at", F("opened_at")), Coalesce("host_seen_at", F("opened_at"))
    )
    for room in live.annotate(last_seen=last_seen).filter(last_seen__lt=now - EMPTY_AFTER):
        logger.warning("room %s has been empty for a quarter of an hour; it is ended", room.pk)
        room_end(room=room, by=None, reason="Ended because nobody had been in the room for 15 minutes.")
    longest = timedelta(seconds=settings.MAX_DURATION_S) - BEFORE_THE_LIMIT
    for endless in live.filter(recording_started_at__lt=now - longest):
        hours = settings.MAX_DURATION_S / 3600
        room_end(room=endless, by=None, reason=f"Ended because a recording can last at most {hours:g} hours.")
