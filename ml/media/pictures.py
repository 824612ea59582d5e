"""The decoded pictures of a recording, with their seconds; those that are damaged are left out."""

import heapq
import math
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from av.video.frame import VideoFrame

from ml.media.container import open_recording, video_streams
from ml.media.damage import Damage
from ml.media.decoding import Decoder
from ml.media.deinterlacing import deinterlaced
from ml.media.errors import MediaError
from ml.media.info import MediaInfo
from ml.media.seeking import seek
from ml.spans import Span

UNEXPLAINED_S: Final = 0.3
"""Packets without a picture are damage, also without an error, where no picture comes out for this long. Shorter, they
are what codecs do: VP8 and VP9 have packets that are never shown."""

SAME_S: Final = 1e-4
"""Times closer than this are the same."""

THREADS: Final = 2
"""Threads of the decoder for large pictures."""
ONE_THREAD_PIXELS: Final = 1280 * 720
"""Pictures up to this size are decoded in one thread: a second one costs as much as it saves."""


def pictures(path: str | Path, info: MediaInfo, damage: Damage) -> Iterator[tuple[float, VideoFrame]]:
    """Yields (second, frame) of the chosen video track in the order of decoding output, deinterlaced.

    From damage to the next key frame nothing is yielded: those pictures are predicted from what is lost. ``damage``
    collects these stretches.
    """
    yield from deinterlaced(_undamaged(path, info, damage))


def pictures_within(
    path: str | Path, info: MediaInfo, span: Span, damage: Damage
) -> Iterator[tuple[float, VideoFrame]]:
    """As :func:`pictures`, of one stretch, decoded from the key frame before it (:func:`ml.media.seeking.seek`)."""
    for at_s, frame in deinterlaced(_undamaged(path, info, damage, from_s=span[0])):
        if at_s >= span[1]:
            return
        if at_s >= span[0]:
            yield at_s, frame


class NotExact(Exception):
    """Pictures cannot be left out of this recording without changing the others."""


def pictures_at(path: str | Path, info: MediaInfo, times: frozenset[float]) -> Iterator[tuple[float, VideoFrame]]:
    """Yields (second, frame) of the pictures at these ``times``, which are those of packets, in order. What nothing
    refers to is not decoded.

    Raises :class:`NotExact` at the first sign of damage, of interlaced pictures, or of times that are not the packets':
    :func:`pictures` gives what is right then.
    """
    missing = deque(sorted(times))
    last_s = -math.inf
    with _decoded(path, info, is_wanted=lambda at_s: at_s is None or at_s in times) as decoder:
        for packet, found in decoder:
            if packet.is_corrupt or found is None:
                raise NotExact
            for frame in found:
                at_s = decoder.frame_s(frame)
                if at_s is None or at_s <= last_s or frame.is_corrupt or frame.interlaced_frame:
                    raise NotExact
                last_s = at_s
                if missing and at_s > missing[0]:
                    raise NotExact
                if at_s in times:
                    missing.popleft()
                    yield at_s, frame
    if missing:
        raise NotExact


@contextmanager
def _decoded(
    path: str | Path,
    info: MediaInfo,
    *,
    is_wanted: Callable[[float | None], bool] | None = None,
    from_s: float = 0.0,
) -> Iterator[Decoder]:
    """The decoder of the chosen video track, from the key frame before ``from_s``."""
    with open_recording(path, info.joined) as container:
        stream = next((stream for stream in video_streams(container) if stream.index == info.video_index), None)
        if stream is None:
            raise MediaError("no_frames")
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = THREADS if stream.width * stream.height > ONE_THREAD_PIXELS else 1
        seek(container, stream, info, from_s)
        yield Decoder(container, stream, info.clock, is_wanted=is_wanted)


def _undamaged(
    path: str | Path, info: MediaInfo, damage: Damage, *, from_s: float = 0.0
) -> Iterator[tuple[float, VideoFrame]]:
    watch = _Watch(damage)
    with _decoded(path, info, from_s=from_s) as decoder:
        for packet, found in decoder:
            packet_s = decoder.packet_s(packet)
            if packet_s is not None and not packet.is_discard:
                watch.expect(packet_s, is_key=packet.is_keyframe)
            if packet.is_corrupt or found is None:
                watch.failed = True
            for frame in found or ():
                at_s = decoder.frame_s(frame)
                if at_s is not None and watch.accept(at_s, frame) and at_s >= 0:
                    yield at_s, frame
    watch.finish()


class _Watch:
    """Finds out which pictures can be trusted, by comparing packets with the pictures that come out of them."""

    def __init__(self, damage: Damage) -> None:
        self.failed = False
        """Whether decoding has failed, and it is not yet known for which packet."""
        self._damage = damage
        self._expected: list[tuple[float, bool]] = []
        self._end_s = 0.0
        self._bad_from_s: float | None = None

    def expect(self, at_s: float, *, is_key: bool) -> None:
        """A packet was sent to the decoder. ``is_key``: the container marks it as a key frame."""
        heapq.heappush(self._expected, (at_s, is_key))
        self._end_s = max(self._end_s, at_s)

    def accept(self, at_s: float, frame: VideoFrame) -> bool:
        """A picture came out of the decoder. Returns whether it can be trusted."""
        is_key = self._arrived(at_s)
        if frame.is_corrupt and self._bad_from_s is None:
            self._bad_from_s = at_s
        # A damaged packet may decode as a key frame by chance; the container knows better.
        if is_key and frame.key_frame and not frame.is_corrupt:
            self._end_damage(at_s)
        return self._bad_from_s is None

    def finish(self) -> None:
        """The recording has ended."""
        self._arrived(self._end_s + 2 * SAME_S)
        self._end_damage(self._end_s)

    def _arrived(self, at_s: float) -> bool:
        """Takes out the packets up to ``at_s``; from those before it no picture has come. Returns whether the picture
        at ``at_s`` is that of a key frame."""
        lost_s: float | None = None
        is_key = False
        while self._expected and self._expected[0][0] < at_s + SAME_S:
            expected_s, is_key = heapq.heappop(self._expected)
            if lost_s is None and expected_s < at_s - SAME_S:
                lost_s = expected_s
        if lost_s is not None and (self.failed or at_s - lost_s > UNEXPLAINED_S):
            self.failed = False
            if self._bad_from_s is None:
                self._bad_from_s = lost_s
        return is_key

    def _end_damage(self, at_s: float) -> None:
        if self._bad_from_s is not None:
            self._damage.add(self._bad_from_s, at_s)
            self._bad_from_s = None
