"""What the two sockets of a room have in common: entry and its renewal, hello, clock, presence, signalling, the end."""

import asyncio
import contextlib
import logging
import time
import uuid
from abc import abstractmethod
from collections.abc import Coroutine
from dataclasses import asdict
from typing import Any, ClassVar, Final
from uuid import UUID

from channels.db import database_sync_to_async
from channels.exceptions import ChannelFull
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from analysis.live import protocol, wire
from analysis.live.clock import BrowserClock, now_ms
from analysis.live.room.access import Entry, room_exists
from analysis.live.room.limits import RateLimit
from analysis.live.room.presence import ANNOUNCED_S, OBSERVER, Member, Roster
from analysis.live.room.send_queue import Outbox
from interviews.room_channel import room_group
from interviews.services.rooms import room_presence_mark

logger = logging.getLogger(__name__)

Event = dict[str, Any]

LOOK_S: Final = 1.0
RECHECKED_S: Final = 15.0
MARKED_S: Final = 45.0
HELLO_S: Final = 10.0
TEXTS_PER_S, TEXTS_AT_ONCE = 20, 200
"""A browser that gathers its addresses for a call sends dozens of signals at once."""


def recruiters_group(room_id: UUID) -> str:
    """The channel group of host and observers alone: readings go there."""
    return f"{room_group(room_id)}.recruiters"


class RoomSocket(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """One connection. Handlers never wait for a recogniser, and only entry and its renewal for the database."""

    direction_in: ClassVar[str]
    direction_out: ClassVar[str]

    entry: Entry

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._gone()

    # --- For the two sockets to fill in ---------------------------------------------------------------------------

    @staticmethod
    @abstractmethod
    def enter(*, session_key: str | None, room_id: UUID) -> Entry | None:
        """The entry of this browser, None if it may not be here."""

    @abstractmethod
    async def welcome(self, message: Event) -> None:
        """Answer ``hello``; the entry is fresh and its room runs."""

    @abstractmethod
    async def received(self, message: Event) -> None:
        """A checked text message that both sockets do not share."""

    async def received_media(self, data: bytes) -> None:
        raise wire.BadMessage("Only the candidate sends frames and sound.")

    def groups_of_room(self) -> list[str]:
        """The channel groups whose events this connection hears."""
        return [room_group(self.room_id)]

    async def refreshed(self) -> None:
        """``entry`` has been read anew."""

    async def looked(self) -> None:
        """About once a second."""

    async def arrived(self, member: Member) -> None:
        """Somebody else has come into the room."""

    async def left(self, participant: str) -> None:
        """Somebody else has gone."""

    async def gone(self) -> None:
        """This connection is over."""

    # --- Coming in --------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        self.room_id: UUID = self.scope["url_route"]["kwargs"]["room_id"]
        self.participant = uuid.uuid4().hex
        self.clock = BrowserClock()
        self.roster = Roster()
        self.outbox = Outbox(self.send)
        self.is_welcome = self._is_over = False
        self._texts = RateLimit(per_s=TEXTS_PER_S, burst=TEXTS_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._since_s = self._heard_s = self._checked_s = time.monotonic()
        self._announced_s = self._marked_s = 0.0
        self._stale = asyncio.Event()
        entry = await self._enter()
        if entry is None:
            await self.close()
            return
        self.entry = entry
        await self.accept()
        self.spawn(self.outbox.run())
        self.spawn(self._look_after())

    async def _enter(self) -> Entry | None:
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        entry: Entry | None = await database_sync_to_async(self.enter)(session_key=key, room_id=self.room_id)
        return entry

    async def _hello(self, message: Event) -> None:
        if message["protocol"] != protocol.VERSION:
            await self.end(protocol.PROTOCOL_ERROR)
            return
        self.clock.learn(sent_ms=message["sent_ms"], received_ms=now_ms())
        if not self.entry.is_running:
            await self._room_ended()
            return
        self.is_welcome = True
        for group in self.groups_of_room():
            await self.channel_layer.group_add(group, self.channel_name)
        self.me = Member(self.participant, self.entry.role, self.entry.name, self.channel_name, now_ms())
        self.roster.see(self.me, time.monotonic())
        await self.welcome(message)
        await self._announce(is_new=True)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Do this beside; it is cancelled when the connection ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def tell(self, type_: str, **fields: Any) -> None:
        self.outbox.put(wire.text_pack(type_, **fields))

    def welcome_fields(self) -> dict[str, Any]:
        return {
            "protocol": protocol.VERSION,
            "participant": self.participant,
            "server_ms": now_ms(),
            "ice_servers": settings.ICE_SERVERS,
            "limits": protocol.LIMITS,
        }

    # --- Messages of the browser --------------------------------------------------------------------------------------

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self._heard_s = time.monotonic()
        if self._is_over:
            return
        try:
            if bytes_data is not None:
                if not self.is_welcome:
                    raise wire.BadMessage("The first message is not hello.")
                await self.received_media(bytes_data)
            elif text_data is not None:
                if not self._texts.take():
                    raise wire.BadMessage("Too many messages.", protocol.TOO_FAST)
                await self._received_text(wire.text_unpack(text_data, self.direction_in))
        except wire.BadMessage as error:
            self.tell("error", code="bad_message", sentence=str(error))
            if error.close_code is not None:
                await self.end(error.close_code)

    async def _received_text(self, message: Event) -> None:
        type_ = message.pop("type")
        if type_ == "ping":
            received_ms = now_ms()
            self.clock.learn(sent_ms=message["sent_ms"], received_ms=received_ms, rtt_ms=message.get("rtt_ms"))
            self.tell("pong", sent_ms=message["sent_ms"], server_ms=received_ms)
        elif type_ == "hello" and not self.is_welcome:
            await self._hello(message)
        elif not self.is_welcome or type_ == "hello":
            raise wire.BadMessage("The first message, and only the first, is hello.")
        elif type_ == "signal":
            await self._signal(message)
        else:
            await self.received({"type": type_, **message})

    async def _signal(self, message: Event) -> None:
        to = self.roster.get(message["to"])
        if to is None or to.participant == self.participant:
            self.tell("error", code="nobody_there", sentence="The other side of the call has left the room.")
            return
        await self.send_to(to.channel, {"type": "room.signal", "sender": self.participant, "data": message["data"]})

    # --- Messages of the room ---------------------------------------------------------------------------------------

    async def room_signal(self, event: Event) -> None:
        self.tell("signal", from_=event["sender"], data=event["data"])

    async def room_present(self, event: Event) -> None:
        member = Member(**event["member"])
        if member.participant == self.participant:
            return
        is_news = self.roster.see(member, time.monotonic())
        if event["is_new"]:
            await self.send_to(member.channel, self._presence_event(is_new=False))
        if is_news:
            self.tell("presence", presence=self.roster.presence())
            await self.arrived(member)

    async def room_absent(self, event: Event) -> None:
        if self.roster.remove(event["participant"]):
            self.tell("presence", presence=self.roster.presence())
            await self.left(event["participant"])

    async def room_changed(self, event: Event) -> None:
        """A row of the room has changed (see :mod:`interviews.room_channel`): read it again, soon."""
        self._stale.set()

    async def send_to(self, channel: str, event: Event) -> None:
        with contextlib.suppress(ChannelFull):
            await self.channel_layer.send(channel, event)

    async def send_to_room(self, event: Event) -> None:
        await self.channel_layer.group_send(room_group(self.room_id), event)

    def _presence_event(self, *, is_new: bool) -> Event:
        return {"type": "room.present", "member": asdict(self.me), "is_new": is_new}

    async def _announce(self, *, is_new: bool) -> None:
        self._announced_s = time.monotonic()
        await self.send_to_room(self._presence_event(is_new=is_new))

    # --- The clockwork ----------------------------------------------------------------------------------------------

    async def _look_after(self) -> None:
        while not self._is_over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._stale.wait()
            try:
                await self._look()
            except Exception:  # a database or a channel layer that is away for a moment ends no interview
                logger.exception("room %s: could not look after a connection", self.room_id)
                await asyncio.sleep(LOOK_S)

    async def _look(self) -> None:
        now_s = time.monotonic()
        if not self.is_welcome and now_s - self._since_s > HELLO_S:
            await self.end(protocol.PROTOCOL_ERROR)
        elif now_s - self._heard_s > protocol.IDLE_MS / 1000 or self.outbox.is_too_slow:
            await self.end(protocol.IDLE)
        elif self._stale.is_set() or now_s - self._checked_s > RECHECKED_S:
            self._stale.clear()
            self._checked_s = now_s
            await self._recheck()
        if not self.is_welcome or self._is_over:
            return
        if now_s - self._announced_s > ANNOUNCED_S:
            await self._announce(is_new=False)
            if self.roster.fade(now_s, but=self.participant):
                self.tell("presence", presence=self.roster.presence())
        if now_s - self._marked_s > MARKED_S and self.entry.role != OBSERVER:
            self._marked_s = now_s
            await database_sync_to_async(room_presence_mark)(room_id=self.room_id, who=self.entry.role)
        await self.looked()

    async def _recheck(self) -> None:
        entry = await self._enter()
        if entry is None:
            exists = await database_sync_to_async(room_exists)(room_id=self.room_id)
            await self.end(protocol.NOT_ALLOWED if exists else protocol.NO_ROOM)
            return
        before, self.entry = self.entry, entry
        if not self.is_welcome:
            return
        if not entry.is_running:
            await self._room_ended()
            return
        if entry.room() != before.room():
            self.tell("room", room=entry.room())
        await self.refreshed()

    async def _room_ended(self) -> None:
        self.tell("ended", sentence=self.entry.goodbye)
        await self.end(protocol.ENDED)

    async def end(self, code: int) -> None:
        """Say what is still to be said, and close."""
        if self._is_over:
            return
        self._is_over = True
        if not self.outbox.is_too_slow:
            await self.outbox.flush()
        await self.close(code=code)

    async def _gone(self) -> None:
        """Whatever way the connection ended, also with the server."""
        for task in getattr(self, "_tasks", ()):
            task.cancel()
        if getattr(self, "is_welcome", False):
            self.is_welcome = False
            await self.gone()
            for group in self.groups_of_room():
                await self.channel_layer.group_discard(group, self.channel_name)
            await self.send_to_room({"type": "room.absent", "participant": self.participant})
