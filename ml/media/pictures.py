"""The decoded pictures of a recording, with their seconds; those that are damaged are left out."""

import heapq
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from av.video.frame import VideoFrame

from ml.media.clock import Part
from ml.media.container import open_recording, video_streams
from ml.media.damage import Damage
from ml.media.decoding import decoded
from ml.media.deinterlacing import deinterlaced
from ml.media.errors import MediaError
from ml.media.info import MediaInfo

UNEXPLAINED_S: Final = 0.3
"""Packets without a picture are damage, also without an error, where no picture comes out for this long. Shorter, they
are what codecs do: VP8 and VP9 have packets that are never shown."""

SAME_S: Final = 1e-4
"""Times closer than this are the same."""


def pictures(path: str | Path, info: MediaInfo, damage: Damage) -> Iterator[tuple[float, VideoFrame]]:
    """Yields (second, frame) of the chosen video track in the order of decoding output, deinterlaced.

    From damage to the next key frame nothing is yielded: those pictures are predicted from what is lost. ``damage``
    collects these stretches.
    """
    yield from deinterlaced(_undamaged(path, info, damage))


def _undamaged(path: str | Path, info: MediaInfo, damage: Damage) -> Iterator[tuple[float, VideoFrame]]:
    with open_recording(path) as container:
        stream = next((stream for stream in video_streams(container) if stream.index == info.video_index), None)
        if stream is None:
            raise MediaError("no_frames")
        stream.thread_type = "AUTO"
        watch = _Watch(damage)
        part: Part | None = None
        for part, packet, found in decoded(container, stream, info.clock):
            if packet is not None:
                at = packet.pts if packet.pts is not None else packet.dts
                if at is not None and not packet.is_discard:
                    watch.expect(float(at * packet.time_base) + part.shift_s)
                if packet.is_corrupt or found is None:
                    watch.failed = True
            for frame in found or ():
                # AVI knows the order of decoding only; frames come out of the decoder in the order of time.
                at = frame.pts if frame.pts is not None else frame.dts
                if at is None or frame.time_base is None:
                    continue
                at_s = float(at * frame.time_base) + part.shift_s
                if watch.accept(at_s, frame) and at_s >= 0:
                    yield at_s, frame
            if packet is None:
                watch.finish()


class _Watch:
    """Finds out which pictures can be trusted, by comparing packets with the pictures that come out of them."""

    def __init__(self, damage: Damage) -> None:
        self.failed = False
        """Whether decoding has failed, and it is not yet known for which packet."""
        self._damage = damage
        self._expected: list[float] = []
        self._bad_from_s: float | None = None

    def expect(self, at_s: float) -> None:
        """A packet was sent to the decoder."""
        heapq.heappush(self._expected, at_s)

    def accept(self, at_s: float, frame: VideoFrame) -> bool:
        """A picture came out of the decoder. Returns whether it can be trusted."""
        self._notice_lost(at_s)
        if frame.is_corrupt and self._bad_from_s is None:
            self._bad_from_s = at_s
        if frame.key_frame and not frame.is_corrupt:
            self.failed = False
            self._end_damage(at_s)
        return self._bad_from_s is None

    def finish(self) -> None:
        """The part of the file has ended."""
        end_s = max(self._expected, default=0.0)
        self._notice_lost(end_s)
        self._end_damage(end_s)
        self.failed = False
        self._expected.clear()

    def _notice_lost(self, at_s: float) -> None:
        """Forget the packets up to ``at_s``. If there were any before it, no picture came out of them."""
        lost_s: float | None = None
        while self._expected and self._expected[0] < at_s + SAME_S:
            expected_s = heapq.heappop(self._expected)
            if lost_s is None and expected_s < at_s - SAME_S:
                lost_s = expected_s
        if lost_s is None or not (self.failed or at_s - lost_s > UNEXPLAINED_S):
            return
        self.failed = False
        if self._bad_from_s is None:
            self._bad_from_s = lost_s

    def _end_damage(self, at_s: float) -> None:
        if self._bad_from_s is not None:
            self._damage.add(self._bad_from_s, at_s)
            self._bad_from_s = None
