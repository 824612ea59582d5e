"""The mailbox between a candidate's socket and a worker: the newest frame, and a few seconds of sound."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from analysis.live.wire import Media

LONGEST_WAIT: Final = 100
"""Chunks of sound (10 s) that wait at most; then the oldest are lost, and counted."""
AUDIO_AT_ONCE: Final = 3
"""Number of chunks from which sound is taken without a frame; a frame takes all waiting chunks with it."""


@dataclass(frozen=True, slots=True)
class Work:
    """The input of one request to a worker."""

    frame: Media | None
    audio: list[Media]


class Mailbox:
    """For one reader. ``lost`` counts the chunks of sound that never arrived or waited too long."""

    def __init__(self) -> None:
        self.lost = 0
        self._frame: Media | None = None
        self._audio: deque[Media] = deque()
        self._last_sequence: int | None = None
        self._ready = asyncio.Event()

    def put_frame(self, frame: Media) -> Media | None:
        """Put the newest frame. Returns the frame that it replaces, which will not be analysed."""
        replaced, self._frame = self._frame, frame
        self._ready.set()
        return replaced

    def put_audio(self, chunk: Media) -> None:
        """Put a chunk of sound. Chunks come in the order of their sequence numbers; gaps are counted."""
        if self._last_sequence is not None:
            self.lost += chunk.sequence - self._last_sequence - 1
        self._last_sequence = chunk.sequence
        self._audio.append(chunk)
        if len(self._audio) > LONGEST_WAIT:
            self._audio.popleft()
            self.lost += 1
        if len(self._audio) >= AUDIO_AT_ONCE:
            self._ready.set()

    async def wait(self) -> None:
        """Wait for a frame, or for enough sound."""
        await self._ready.wait()

    def take(self) -> Work:
        """Take everything. Call it as late as possible, because newer frames replace older ones until then."""
        self._ready.clear()
        work = Work(self._frame, list(self._audio))
        self._frame = None
        self._audio.clear()
        return work

    def empty(self) -> Media | None:
        """Discard everything. Returns the frame among it."""
        frame, self._frame = self._frame, None
        self._audio.clear()
        self._ready.clear()
        return frame
