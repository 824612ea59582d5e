"""What a candidate's browser has sent and no worker has read yet: the newest frame, and a few seconds of sound."""

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

from analysis.live.wire import Media

LONGEST_WAIT: Final = 100
"""Chunks of sound (10 s) that wait at most; then the oldest are lost, and counted."""
AUDIO_AT_ONCE: Final = 3
"""Sound alone is worth a worker's attention from so many chunks on; a frame takes along what there is."""


@dataclass(frozen=True, slots=True)
class Work:
    frame: Media | None
    audio: list[Media]


class Mailbox:
    """One reader. ``lost`` counts the chunks of sound that never arrived or waited too long."""

    def __init__(self) -> None:
        self.lost = 0
        self._frame: Media | None = None
        self._audio: deque[Media] = deque()
        self._heard: int | None = None
        self._ready = asyncio.Event()

    def put_frame(self, frame: Media) -> Media | None:
        """Returns the frame that this one replaces and nobody will read."""
        replaced, self._frame = self._frame, frame
        self._ready.set()
        return replaced

    def put_audio(self, chunk: Media) -> None:
        """Chunks come in the order of their sequences; holes in them are counted."""
        if self._heard is not None:
            self.lost += chunk.sequence - self._heard - 1
        self._heard = chunk.sequence
        self._audio.append(chunk)
        if len(self._audio) > LONGEST_WAIT:
            self._audio.popleft()
            self.lost += 1
        if len(self._audio) >= AUDIO_AT_ONCE:
            self._ready.set()

    async def wait(self) -> None:
        """Until there is something worth a worker's attention."""
        await self._ready.wait()

    def take(self) -> Work:
        """All that is there; call it at the last moment, because newer frames replace older ones until then."""
        self._ready.clear()
        work = Work(self._frame, list(self._audio))
        self._frame = None
        self._audio.clear()
        return work

    def empty(self) -> Media | None:
        """Throw away what waits; returns the frame among it."""
        frame, self._frame = self._frame, None
        self._audio.clear()
        self._ready.clear()
        return frame
