"""The send queue of one connection, bounded: a slow reader gets the newest reading, not all of them."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final

MOST_WAITING: Final = 256
SLOW_S: Final = 10.0


class SendQueue:
    """Messages are sent in the order of :meth:`put`; of those with the same ``topic`` only the newest is sent."""

    def __init__(self, send: Callable[[str], Awaitable[None]]) -> None:
        self._send = send
        self._ordered: deque[str] = deque()
        self._newest: dict[str, str] = {}
        self._ready = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._sending_since_s: float | None = None
        self.overflowed = False

    def put(self, text: str, *, topic: str = "") -> None:
        """Queue a message; one too many sets ``overflowed`` and is dropped."""
        if topic:
            self._newest[topic] = text
        elif len(self._ordered) < MOST_WAITING:
            self._ordered.append(text)
        else:
            self.overflowed = True
        self._idle.clear()
        self._ready.set()

    @property
    def is_too_slow(self) -> bool:
        """Whether the connection should be closed."""
        since_s = self._sending_since_s
        return self.overflowed or (since_s is not None and time.monotonic() - since_s > SLOW_S)

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            while self._ordered or self._newest:
                text = self._ordered.popleft() if self._ordered else self._newest.pop(next(iter(self._newest)))
                self._sending_since_s = time.monotonic()
                await self._send(text)
                self._sending_since_s = None
            self._idle.set()

    async def flush(self, timeout_s: float = 1.0) -> None:
        """Wait until everything is sent, but not long."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._idle.wait()
        except TimeoutError:
            return
