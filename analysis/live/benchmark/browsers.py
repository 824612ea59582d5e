"""Socket clients that act as the pages of candidates and hosts, and measure delays."""

# autobahn's half-typed classes describe neither their own attributes nor their calls.
# mypy: disable-error-code="misc,attr-defined,no-untyped-call,no-redef,assignment"

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from autobahn.asyncio.websocket import WebSocketClientFactory, WebSocketClientProtocol

from analysis.live import messages, parts, protocol, wire
from analysis.live.clock import now_ms
from analysis.live.messages import TO_CANDIDATE, TO_RECRUITER, Message

PING_S: Final = 0.5
JOIN_S: Final = 30.0


@dataclass
class Tally:
    """Measurements while ``counting``, in milliseconds; ``ages`` are pairs (time of arrival, age)."""

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
    """One socket. :func:`connect` sets ``tally`` and ``opened``."""

    direction: ClassVar[str]
    """Key of :data:`analysis.live.messages.DIRECTIONS` for what the server sends."""

    tally: Tally
    opened: "asyncio.Future[Browser]"

    def onOpen(self) -> None:
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.analysis = ""
        self.send_message(self.hello())
        self.opened.set_result(self)
        self.pinging = asyncio.create_task(self.ping())

    def hello(self) -> Message:
        """The first message."""
        raise NotImplementedError

    def send_message(self, message: Message) -> None:
        self.sendMessage(wire.text_pack(message).encode())

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        self.on_message(wire.text_unpack(payload.decode(), self.direction))

    def on_message(self, message: Message) -> None:
        """A message of the server."""
        match message:
            case messages.CandidateWelcome() | messages.RecruiterWelcome():
                self.welcomed.set_result(None)
            case messages.Pong():
                self.rtt_ms = now_ms() - message.sent_ms
                if self.tally.counting:
                    self.tally.controls.append(self.rtt_ms)
            case messages.AnalysisChanged():
                self.analysis = message.analysis.state

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self.tally.closed.append(code or 1006)
        if hasattr(self, "pinging"):
            self.pinging.cancel()
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(f"refused: {reason}"))

    async def ping(self) -> None:
        self.rtt_ms: float | None = None
        while True:
            self.send_message(messages.Ping(now_ms(), self.rtt_ms))
            await asyncio.sleep(PING_S)


class Candidate(Browser):
    """Sends frames and sound, at most two frames unacknowledged."""

    direction = TO_CANDIDATE

    def hello(self) -> Message:
        return messages.CandidateHello(protocol.VERSION, "benchmark", now_ms())

    def onOpen(self) -> None:
        super().onOpen()
        self.unacknowledged: set[int] = set()

    def on_message(self, message: Message) -> None:
        super().on_message(message)
        if isinstance(message, messages.FrameAck):
            self.unacknowledged.discard(message.sequence)
            if self.tally.counting:
                self.tally.analysed += message.analysed
                self.tally.dropped += not message.analysed

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
    """Measures the age of each reading on arrival; both ends are on this machine, so their clocks agree.

    ``summary``: the newest running summary.
    """

    direction = TO_RECRUITER

    def hello(self) -> Message:
        return messages.RecruiterHello(protocol.VERSION, now_ms())

    def onOpen(self) -> None:
        super().onOpen()
        self.summary: parts.Summary | None = None

    def on_message(self, message: Message) -> None:
        super().on_message(message)
        if isinstance(message, messages.SummaryChanged):
            self.summary = message.metrics
        if isinstance(message, messages.NewReadings) and self.tally.counting:
            if "speech_emotion" in message.modalities:
                self.tally.speech += 1
            else:
                arrived_ms = now_ms()
                self.tally.ages.append((arrived_ms, arrived_ms - message.captured_ms))


async def connect(kind: type[Browser], port: int, path: str, cookie: str, tally: Tally) -> Any:
    """A browser that was welcomed."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[Browser] = loop.create_future()
    factory = WebSocketClientFactory(
        f"ws://localhost:{port}{path}", origin=f"http://localhost:{port}", headers={"Cookie": cookie}
    )
    factory.protocol = type(kind.__name__, (kind,), {"tally": tally, "opened": opened})
    async with asyncio.timeout(JOIN_S):
        await loop.create_connection(factory, "127.0.0.1", port)
        browser = await opened
        await browser.welcomed
    return browser
