"""One connection to a room: entry and its renewal, hello, clock, messages, the end.

:mod:`analysis.live.room.member` adds the other connections of the room.
"""

import asyncio
import contextlib
import logging
import time
import uuid
from abc import abstractmethod
from collections.abc import Coroutine, Hashable, Sequence
from typing import Any, ClassVar, Final
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from analysis.live import messages, protocol, wire
from analysis.live.clock import BrowserClock, now_ms
from analysis.live.messages import CandidateHello, Message, RecruiterHello
from analysis.live.room.access import Entry, room_exists
from analysis.live.room.limits import Places, RateLimit
from analysis.live.room.send_queue import SendQueue

logger = logging.getLogger(__name__)

TICK_S: Final = 1.0
RECHECKED_S: Final = 15.0
HELLO_S: Final = 10.0
SOCKETS_OF_A_BROWSER, SOCKETS_OF_A_ROOM = 8, 40
"""A reload opens its socket before the old one is known to be closed."""
PLACES: Final = Places()
TEXTS_PER_S, TEXTS_AT_ONCE = 20, 200
"""A browser that gathers its addresses for a call sends dozens of signals at once."""


class RoomConnection(AsyncWebsocketConsumer):  # type: ignore[misc]  # Channels ships no types
    """A socket into a room. Handlers never wait for a recogniser; only entry and its renewal wait for the database.

    ``direction_in``: key of :data:`analysis.live.messages.DIRECTIONS` for what the browser sends.
    """

    direction_in: ClassVar[str]

    entry: Entry
    _places: Sequence[Hashable] = ()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._closed()

    # --- Hooks ------------------------------------------------------------------------------------------------------

    @staticmethod
    @abstractmethod
    def enter(*, session_key: str | None, room_id: UUID) -> Entry | None:
        """The entry of this browser, None if it may not be here."""

    @abstractmethod
    async def on_hello(self) -> None:
        """``hello`` has arrived, the entry is fresh and its room runs: answer it."""

    @abstractmethod
    async def on_message(self, message: Message) -> None:
        """A text message other than ``hello`` and ``ping``."""

    async def on_media(self, data: bytes) -> None:
        """A binary message."""
        raise wire.BadMessage("Only the candidate sends frames and sound.")

    async def on_refreshed(self, before: Entry) -> None:
        """``entry`` has been read anew, in place of ``before``."""

    async def on_tick(self, now_s: float) -> None:
        """About once a second after ``hello``; ``now_s`` on the monotonic clock."""

    async def on_closed(self) -> None:
        """This connection is over; it had been welcomed."""

    # --- Entry --------------------------------------------------------------------------------------------------------

    async def connect(self) -> None:
        self.room_id: UUID = self.scope["url_route"]["kwargs"]["room_id"]
        self.participant = uuid.uuid4().hex
        self.clock = BrowserClock()
        self.send_queue = SendQueue(self.send)
        self.is_welcome = self._is_over = False
        self._texts = RateLimit(per_s=TEXTS_PER_S, burst=TEXTS_AT_ONCE)
        self._tasks: set[asyncio.Task[None]] = set()
        self._since_s = self._received_s = self._checked_s = time.monotonic()
        self._stale = asyncio.Event()
        entry = await self._enter()
        if entry is None or not self._take_place():
            await self.close()
            return
        self.entry = entry
        await self.accept()
        self.spawn(self.send_queue.run())
        self.spawn(self._tick_until_over())

    async def _enter(self) -> Entry | None:
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME)
        entry: Entry | None = await database_sync_to_async(self.enter)(session_key=key, room_id=self.room_id)
        return entry

    def _take_place(self) -> bool:
        """False where this browser, or everybody together, has as many sockets into the room as one node allows."""
        browser = (self.room_id, self.scope["cookies"].get(settings.SESSION_COOKIE_NAME))
        if not PLACES.take({browser: SOCKETS_OF_A_BROWSER, self.room_id: SOCKETS_OF_A_ROOM}):
            logger.warning("room %s: too many sockets", self.room_id)
            return False
        self._places = [browser, self.room_id]
        return True

    async def _hello(self, message: CandidateHello | RecruiterHello) -> None:
        if message.protocol != protocol.VERSION:
            await self.end(protocol.PROTOCOL_ERROR)
            return
        self.clock.learn(sent_ms=message.sent_ms, received_ms=now_ms())
        if not self.entry.is_running:
            await self._room_ended()
            return
        self.is_welcome = True
        await self.on_hello()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Start a background task, which is cancelled when the connection ends."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- Messages -----------------------------------------------------------------------------------------------------

    def tell(self, message: Message) -> None:
        """Send a message to this browser."""
        self.send_queue.put(wire.text_pack(message))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        self._received_s = time.monotonic()
        if self._is_over:
            return
        try:
            if bytes_data is not None:
                if not self.is_welcome:
                    raise wire.BadMessage("The first message is not hello.")
                await self.on_media(bytes_data)
            elif text_data is not None:
                if not self._texts.take():
                    raise wire.BadMessage("Too many messages.", protocol.TOO_FAST)
                await self._received(wire.text_unpack(text_data, self.direction_in))
        except wire.BadMessage as error:
            self.tell(messages.Error("bad_message", str(error)))
            if error.close_code is not None:
                await self.end(error.close_code)

    async def _received(self, message: Message) -> None:
        if isinstance(message, CandidateHello | RecruiterHello) != (not self.is_welcome):
            raise wire.BadMessage("The first message, and only the first, is hello.")
        if isinstance(message, CandidateHello | RecruiterHello):
            await self._hello(message)
        elif isinstance(message, messages.Ping):
            received_ms = now_ms()
            self.clock.learn(sent_ms=message.sent_ms, received_ms=received_ms, rtt_ms=message.rtt_ms)
            self.tell(messages.Pong(message.sent_ms, received_ms))
        else:
            await self.on_message(message)

    # --- Ticks --------------------------------------------------------------------------------------------------------

    def refresh_soon(self) -> None:
        """Read the entry again within a tick."""
        self._stale.set()

    async def _tick_until_over(self) -> None:
        while not self._is_over:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_S):
                    await self._stale.wait()
            try:
                await self._tick(time.monotonic())
            except Exception:  # a short outage of database or channel layer must not end the interview
                logger.exception("room %s: a tick of a connection failed", self.room_id)
                await asyncio.sleep(TICK_S)

    async def _tick(self, now_s: float) -> None:
        if not self.is_welcome and now_s - self._since_s > HELLO_S:
            await self.end(protocol.PROTOCOL_ERROR)
        elif now_s - self._received_s > protocol.IDLE_MS / 1000 or self.send_queue.is_too_slow:
            await self.end(protocol.IDLE)
        elif self._stale.is_set() or now_s - self._checked_s > RECHECKED_S:
            self._stale.clear()
            self._checked_s = now_s
            await self._recheck()
        if self.is_welcome and not self._is_over:
            await self.on_tick(now_s)

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
        await self.on_refreshed(before)

    # --- The end ------------------------------------------------------------------------------------------------------

    async def _room_ended(self) -> None:
        self.tell(messages.Ended(self.entry.goodbye))
        await self.end(protocol.ENDED)

    async def end(self, code: int) -> None:
        """Send what is still queued, and close."""
        if self._is_over:
            return
        self._is_over = True
        if not self.send_queue.is_too_slow:
            await self.send_queue.flush()
        await self.close(code=code)

    async def _closed(self) -> None:
        """Clean up after the connection has ended for any reason, including a server shutdown."""
        for task in getattr(self, "_tasks", ()):
            task.cancel()
        PLACES.leave(self._places)
        self._places = []
        if getattr(self, "is_welcome", False):
            self.is_welcome = False
            await self.on_closed()
