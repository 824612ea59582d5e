"""Candidates and hosts without a screen: they speak the protocol of the live room and note how long it takes."""

# autobahn's half-typed classes describe neither their own attributes nor their calls.
# mypy: disable-error-code="misc,attr-defined,no-untyped-call,no-redef,assignment"

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

from analysis.live import protocol, wire
from analysis.live.clock import now_ms

PING_S: Final = 0.5
JOIN_S: Final = 30.0


@dataclass
class Tally:
    """What was seen while ``counting``. Ages and round trips are milliseconds; ``ages`` are (when received, age)."""

    counting: bool = False
    sent: int = 0
    analysed: int = 0
    dropped: int = 0
    held_back: int = 0
    speech: int = 0
    ages: list[tuple[float, float]] = field(default_factory=list)
    controls: list[float] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)


class Browser(WebSocketClientProtocol):
    """One socket. Set by :func:`connect`: ``tally``, ``direction``."""

    tally: Tally
    direction: str
    hello: dict[str, Any]

    def onOpen(self) -> None:
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.analysis = ""
        self.say("hello", protocol=protocol.VERSION, sent_ms=now_ms(), **self.hello)
        self.opened.set_result(self)
        self.pinging = asyncio.create_task(self.ping())

    def say(self, type_: str, **fields: Any) -> None:
        self.sendMessage(wire.text_pack(type_, **fields).encode())

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        message = json.loads(payload)
        heard = getattr(self, f"heard_{message['type']}", None)
        if heard is not None:
            heard(message)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.tally.closed.append(code or 1006)
        if hasattr(self, "pinging"):
            self.pinging.cancel()
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"refused: {reason}"))

    def heard_welcome(self, message: dict[str, Any]) -> None:
        self.welcomed.set_result(None)

    def heard_pong(self, message: dict[str, Any]) -> None:
        self.rtt_ms = now_ms() - message["sent_ms"]
        if self.tally.counting:
            self.tally.controls.append(self.rtt_ms)

    def heard_analysis(self, message: dict[str, Any]) -> None:
        self.analysis = message["analysis"]["state"]

    async def ping(self) -> None:
        self.rtt_ms: float | None = None
        while True:
            self.say("ping", sent_ms=now_ms(), rtt_ms=self.rtt_ms)
            await asyncio.sleep(PING_S)


class Candidate(Browser):
    """Sends frames and sound, at most two frames unacknowledged."""

    def onOpen(self) -> None:
        super().onOpen()
        self.unacknowledged: set[int] = set()

    def heard_frame_ack(self, message: dict[str, Any]) -> None:
        self.unacknowledged.discard(message["sequence"])
        if self.tally.counting:
            self.tally.analysed += message["analysed"]
            self.tally.dropped += not message["analysed"]

    async def film(self, frames: Sequence[bytes], fps: float, phase: float) -> None:
        loop = asyncio.get_running_loop()
        start_s, sequence = loop.time() + phase / fps, 0
        while True:
            sequence += 1
            await asyncio.sleep(max(0.0, start_s + sequence / fps - loop.time()))
            if len(self.unacknowledged) >= protocol.MAX_IN_FLIGHT:
                self.tally.held_back += self.tally.counting
                continue
            self.unacknowledged.add(sequence)
            self.tally.sent += self.tally.counting
            jpeg = frames[sequence % len(frames)]
            self.sendMessage(wire.media_pack(wire.Media(protocol.FRAME, sequence, now_ms(), 0, jpeg)), isBinary=True)

    async def speak(self, chunks: Sequence[bytes], rate_hz: int) -> None:
        loop = asyncio.get_running_loop()
        start_s, begun_ms, step_s = loop.time(), now_ms(), protocol.AUDIO_MS / 1000
        for sequence in range(1, 10**9):
            await asyncio.sleep(max(0.0, start_s + sequence * step_s - loop.time()))
            captured_ms = begun_ms + (sequence - 1) * protocol.AUDIO_MS
            chunk = wire.Media(protocol.AUDIO, sequence, captured_ms, rate_hz, chunks[sequence % len(chunks)])
            self.sendMessage(wire.media_pack(chunk), isBinary=True)


class Host(Browser):
    """Notes how old each reading is on arrival; both ends are on this machine, so their clocks agree."""

    def heard_reading(self, message: dict[str, Any]) -> None:
        if not self.tally.counting:
            return
        if "speech_emotion" in message["modalities"]:
            self.tally.speech += 1
        else:
            arrived_ms = now_ms()
            self.tally.ages.append((arrived_ms, arrived_ms - message["captured_ms"]))


async def connect(kind: type[Browser], port: int, path: str, cookie: str, tally: Tally, hello: dict[str, Any]) -> Any:
    """A browser that was welcomed."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[Browser] = loop.create_future()
    factory = WebSocketClientFactory(
        f"ws://localhost:{port}{path}", origin=f"http://localhost:{port}", headers={"Cookie": cookie}
    )
    side = "candidate" if kind is Candidate else "recruiter"
    attributes = {"tally": tally, "direction": f"from_{side}", "opened": opened, "hello": hello}
    factory.protocol = type(kind.__name__, (kind,), attributes)
    async with asyncio.timeout(JOIN_S):
        await loop.create_connection(factory, "127.0.0.1", port)
        browser = await opened
        await browser.welcomed
    return browser
