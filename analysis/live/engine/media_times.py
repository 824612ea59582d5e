"""When frames and sound were captured, on the server's clock."""

from collections.abc import Sequence
from typing import Any, Final

from analysis.live.clock import BrowserClock, now_ms
from analysis.live.wire import Media

SOUND_STEP_MS: Final = 250.0
"""Chunks are joined end to end until they differ from the clock by this much."""


class MediaTimes:
    """Converts capture times of one browser; times are epoch milliseconds of the server and never in the future."""

    def __init__(self, clock: BrowserClock) -> None:
        self._clock = clock
        self._frame_at_ms = self._sound_end_ms = 0.0

    def frame_at_ms(self, frame: Media) -> float:
        """When a frame was captured. Times of successive frames rise, also where the clock is corrected backwards."""
        at_ms = min(frame.captured_ms + self._clock.offset_ms, now_ms())
        self._frame_at_ms = max(at_ms, self._frame_at_ms + 1)
        return self._frame_at_ms

    def sound_pieces(self, chunks: Sequence[Media]) -> tuple[list[dict[str, Any]], bytes]:
        """The chunks as continuous pieces ``{at_ms, rate_hz, bytes}``, and their samples one after the other.

        A chunk follows the one before without a gap, unless something is missing between them.
        """
        pieces: list[dict[str, Any]] = []
        for chunk in chunks:
            duration_ms = len(chunk.payload) / 2 / chunk.rate_hz * 1000
            at_ms = min(chunk.captured_ms + self._clock.offset_ms, now_ms() - duration_ms)
            follows = at_ms - self._sound_end_ms < SOUND_STEP_MS
            at_ms = self._sound_end_ms if follows else at_ms
            self._sound_end_ms = at_ms + duration_ms
            if pieces and follows and pieces[-1]["rate_hz"] == chunk.rate_hz:
                pieces[-1]["bytes"] += len(chunk.payload)
            else:
                pieces.append({"at_ms": at_ms, "rate_hz": chunk.rate_hz, "bytes": len(chunk.payload)})
        return pieces, b"".join(chunk.payload for chunk in chunks)
