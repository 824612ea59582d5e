"""A live room, its people, and sockets into it; workers are real unless a test replaces the pool."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ClassVar

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings as django_settings
from django.test import Client

from analysis.live import protocol, wire
from analysis.live.clock import now_ms
from tests.ml.live.conftest import jpeg

__all__ = ["jpeg"]


class Socket:
    """One browser's connection; messages that a test does not wait for are kept in ``seen``."""

    def __init__(self, communicator: WebsocketCommunicator, direction_in: str, direction_out: str) -> None:
        self.communicator = communicator
        self.direction_in, self.direction_out = direction_in, direction_out
        self.seen: list[dict[str, Any]] = []
        self.welcome: dict[str, Any] = {}
        self.frames = self.chunks = 0
        self.pings: asyncio.Task[None] | None = None

    def keep_open(self) -> None:
        """Ping as browsers do."""
        self.pings = asyncio.create_task(self._ping())

    async def _ping(self) -> None:
        while True:
            await self.say("ping", sent_ms=now_ms(), rtt_ms=1.0)
            await asyncio.sleep(3)

    async def say(self, type_: str, **fields: Any) -> None:
        text = json.dumps({"type": type_, **fields})
        wire.text_unpack(text, self.direction_in)
        await self.communicator.send_to(text_data=text)

    async def hear(self, type_: str, timeout_s: float = 15, **fields: Any) -> dict[str, Any]:
        """The next message of this type with these fields; every message on the way must be of the protocol."""
        until_s = time.monotonic() + timeout_s  # of all of it: answers to pings keep arriving
        while True:
            event = await self.communicator.receive_output(max(0.01, until_s - time.monotonic()))
            assert event["type"] == "websocket.send", event
            message = self._received(event["text"])
            if message["type"] == type_ and all(message.get(k) == v for k, v in fields.items()):
                return message

    async def closed(self, timeout_s: float = 15) -> int:
        """The close code; what was said before is in ``seen``."""
        until_s = time.monotonic() + timeout_s
        while True:
            event = await self.communicator.receive_output(max(0.01, until_s - time.monotonic()))
            if event["type"] == "websocket.close":
                return int(event["code"])
            self._received(event["text"])

    def _received(self, text: str) -> dict[str, Any]:
        """The message as a page reads it; it must be of the protocol."""
        wire.text_unpack(text, self.direction_out)
        message: dict[str, Any] = json.loads(text)
        self.seen.append(message)
        return message

    async def frame(self, jpeg: bytes, *, captured_ms: float | None = None) -> int:
        self.frames += 1
        media = wire.Media(protocol.FRAME, self.frames, captured_ms or now_ms(), 0, jpeg)
        await self.communicator.send_to(bytes_data=wire.media_pack(media))
        return self.frames

    async def chunk(self, pcm: bytes, rate_hz: int, *, captured_ms: float, skip: int = 0) -> int:
        self.chunks += 1 + skip
        media = wire.Media(protocol.AUDIO, self.chunks, captured_ms, rate_hz, pcm)
        await self.communicator.send_to(bytes_data=wire.media_pack(media))
        return self.chunks

    async def close(self) -> None:
        if self.pings is not None:
            self.pings.cancel()
        await self.communicator.disconnect()


@pytest.fixture(autouse=True)
def one_worker(settings: Any) -> None:
    settings.LIVE_WORKERS = 1
    settings.LIVE_MAX_SESSIONS = 8


@pytest.fixture
def room(
    transactional_db: None, record_installed: Callable[[], None], alice: Any, make_interview: Callable[..., Any]
) -> Any:
    """Alice's live room with Dana, who agreed to everything."""
    from django.utils import timezone

    from interviews.models import Room
    from tests.factories.consent import agree

    record_installed()
    interview = make_interview(alice)
    now = timezone.now()
    room = Room.objects.create(
        interview=interview, host=alice, status=Room.Status.LIVE, opened_at=now, recording_started_at=now
    )
    agree(interview, "recording", "face", "eyes", "voice", "transcript")
    return room


@pytest.fixture
def candidate_session(room: Any, alice: Any) -> str:
    """Key of a session whose browser was let in by an invitation."""
    from datetime import timedelta
    from importlib import import_module

    from django.utils import timezone

    from interviews.models import Invitation
    from interviews.selectors.rooms import GRANTS, key_sha256

    invitation = Invitation.objects.create(
        room=room,
        token_sha256="0" * 64,
        expires_at=timezone.now() + timedelta(days=1),
        created_by=alice,
        browser_sha256=key_sha256("this browser"),
    )
    store = import_module(django_settings.SESSION_ENGINE).SessionStore()
    store[GRANTS] = {str(room.pk): {"invitation": str(invitation.pk), "key": "this browser"}}
    store.save()
    return str(store.session_key)


def _session_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[django_settings.SESSION_COOKIE_NAME].value


@pytest.fixture
async def knock(room: Any) -> AsyncIterator[Callable[..., Awaitable[WebsocketCommunicator]]]:
    """``knock(side, session_key)``: a connection that is not accepted yet."""
    from interviewplatform.asgi import application

    opened: list[WebsocketCommunicator] = []

    async def make(side: str, session_key: str = "", *, origin: str = "http://localhost", room_id: Any = None) -> Any:
        headers = [
            (b"origin", origin.encode()),
            (b"host", b"localhost"),
            (b"cookie", f"{django_settings.SESSION_COOKIE_NAME}={session_key}".encode()),
        ]
        communicator = WebsocketCommunicator(application, f"/ws/rooms/{room_id or room.pk}/{side}/", headers)
        opened.append(communicator)
        return communicator

    yield make
    for communicator in opened:
        if not communicator.future.done():
            await communicator.disconnect()


@pytest.fixture
async def join(knock: Any, candidate_session: str) -> AsyncIterator[Callable[..., Awaitable[Socket]]]:
    """``join(user)`` lets a recruiter in, ``join()`` the candidate; both have said hello and were welcomed."""

    sockets: list[Socket] = []

    async def make(user: Any = None, *, hello: bool = True, tab: str = "tab", clock_ms: float = 0) -> Socket:
        side = "candidate" if user is None else "recruiter"
        key = candidate_session if user is None else await sync_to_async(_session_of)(user)
        communicator = await knock(side, key)
        accepted, _ = await communicator.connect(5)
        assert accepted
        socket = Socket(communicator, f"from_{side}", f"to_{side}")
        if hello:
            fields = {"tab": tab} if user is None else {}
            await socket.say("hello", protocol=protocol.VERSION, sent_ms=now_ms() + clock_ms, **fields)
            socket.welcome = await socket.hear("welcome")
            socket.keep_open()
            sockets.append(socket)
        return socket

    yield make
    for socket in sockets:
        if socket.pings is not None:
            socket.pings.cancel()


@pytest.fixture
async def pool() -> AsyncIterator[Any]:
    """The real pool of this test's loop, closed at the end."""
    from analysis.live.engine.pool import pool_here

    pool = pool_here()
    yield pool
    await pool.close()


class FakeSession:
    """A worker that answers at once, with whatever the test has put into ``answer``."""

    versions: ClassVar = {"facial_expression": "paper-v1", "eye_gaze": "geometry-v1", "speech_emotion": "paper-v1"}
    problems: ClassVar = {}

    def __init__(self, pool: "FakePool", options: dict[str, Any]) -> None:
        self.pool, self.options = pool, options
        self.turn = asyncio.Semaphore(2)

    async def work(self, head: dict[str, Any], body: bytes) -> dict[str, Any]:
        self.pool.works.append((head, body))
        if self.pool.hold is not None:
            await self.pool.hold.wait()
        if self.pool.error is not None:
            error, self.pool.error = self.pool.error, None
            raise error
        return self.pool.answer(head)

    async def set(self, **options: Any) -> None:
        self.pool.settings.append(options)

    async def close(self) -> None:
        self.pool.sessions.remove(self)

    async def discard(self, *, erases: bool) -> None:
        self.pool.discarded.append({"erases": erases})
        await self.close()


class FakePool:
    def __init__(self) -> None:
        self.sessions: list[FakeSession] = []
        self.opened: list[dict[str, Any]] = []
        self.works: list[tuple[dict[str, Any], bytes]] = []
        self.settings: list[dict[str, Any]] = []
        self.discarded: list[dict[str, bool]] = []
        self.hold: asyncio.Event | None = None
        self.error: Exception | None = None
        self.extra: dict[str, Any] = {}

    async def open(self, **options: Any) -> FakeSession:
        self.opened.append(options)
        self.sessions.append(FakeSession(self, options))
        return self.sessions[-1]

    def answer(self, head: dict[str, Any]) -> dict[str, Any]:
        read = {"available": True, "reason": "", "label": "happy", "confidence": 0.9, "probabilities": {"happy": 0.9}}
        hints = {"face": "one", "framing": "good", "light": "good", "sentence": "Face and light are good."}
        frame = {"faces": 1, "reads": {"facial_expression": read}, "hints": hints if head["hints"] else None}
        if head["gaze"]:
            frame["gaze"] = {"iris": [0.1, 0.2], "head": [0.0, 0.1], "openness": 0.3}
        return {"speech": [], **({"frame": frame} if head["frame"] else {}), **self.extra}


@pytest.fixture
def fake_pool(monkeypatch: pytest.MonkeyPatch) -> FakePool:
    pool = FakePool()
    monkeypatch.setattr("analysis.live.engine.candidate_analysis.pool_here", lambda: pool)
    return pool
