"""Sampling on a grid: which frames are nearest to 0, 1/fps, 2/fps ... seconds, and so which packets need decoding.

A frame owns the grid points that are nearer to it than to its neighbours, and is sampled if it owns one. Packets tell
the times of all frames before any is decoded. So pictures that nothing refers to (B frames) are decoded only where they
are sampled, and the sampled pictures are the same.
"""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from ml.media.container import open_recording, video_streams
from ml.media.decoding import Decoder
from ml.media.info import MediaInfo

Item = TypeVar("Item")

SKIPPING_CODECS: Final = frozenset({"h264", "hevc"})
"""Codecs whose decoders leave out exactly the pictures that nothing refers to."""
FIRST_KEY_UNIT: Final = 16
"""HEVC's types of slices below this are even for pictures that may be left out, and odd for the others."""
LENGTH_AT: Final = 21
"""Byte of HEVC's decoder configuration with the size of the units' lengths."""
DENSE: Final = 0.9
"""Share of the frames that are sampled from which skipping the others saves nothing."""


def sampled(items: Iterable[tuple[float, Item]], *, fps: float, duration_s: float) -> Iterator[tuple[float, Item]]:
    """The (second, item) that own a grid point, of items in the order of time. A time that stands still or runs back is
    left out."""
    previous: tuple[float, Item] | None = None
    due = 0
    for at_s, item in items:
        if previous is not None:
            if at_s <= previous[0]:
                continue
            middle = (previous[0] + at_s) / 2
            if due / fps <= middle:
                yield previous
                due = math.floor(middle * fps) + 1
        previous = at_s, item
    if previous is not None and (due == 0 or due / fps <= min(previous[0], duration_s - 1 / fps) + 0.5 / fps):
        yield previous


def sampled_times(path: str | Path, info: MediaInfo, *, fps: float) -> frozenset[float] | None:
    """The seconds of the frames to sample, from the packets of the chosen video track, which are read but not decoded.

    ``None`` where they cannot be known before decoding, or where nothing is saved. Raises
    :class:`ml.media.errors.MediaError`.
    """
    track = info.video
    if track is None or track.codec not in SKIPPING_CODECS or track.interlaced or len(info.clock) > 1 or info.joined:
        return None
    if info.fps * DENSE <= fps:
        return None
    times: list[float] = []
    with open_recording(path) as container:
        stream = next((stream for stream in video_streams(container) if stream.index == info.video_index), None)
        if stream is None:
            return None
        layers = SubLayers(stream.codec_context.extradata)
        clock = Decoder(container, stream, info.clock)
        for packet in container.demux(stream):
            at_s = clock.packet_s(packet)
            if not packet.size or packet.is_discard:
                continue
            if packet.pts is None or at_s is None or packet.is_corrupt:
                return None
            if track.codec == "hevc":
                layers.add(memoryview(packet))
            if at_s >= 0:
                times.append(at_s)
    times.sort()
    if len(set(times)) < len(times) or not layers.are_independent:
        return None
    return frozenset(at_s for at_s, _ in sampled(((at_s, None) for at_s in times), fps=fps, duration_s=info.duration_s))


class SubLayers:
    """The temporal sub-layers of an HEVC stream (ITU-T H.265, 7.4.2.2).

    A picture that is not a reference within its own sub-layer may be one for a higher sub-layer. The decoder would
    leave it out nevertheless.
    """

    def __init__(self, header: bytes | None) -> None:
        """``header``: the stream's decoder configuration (ISO/IEC 14496-15, ``hvcC``)."""
        self._prefix = (header[LENGTH_AT] & 3) + 1 if header is not None and len(header) > LENGTH_AT else 4
        self._highest = 0
        self._lowest_left_out = math.inf

    @property
    def are_independent(self) -> bool:
        """Whether only pictures of the highest sub-layer may be left out."""
        return self._lowest_left_out >= self._highest

    def add(self, content: memoryview) -> None:
        """The next packet, whose units are prefixed with their lengths."""
        at = self._prefix
        while at + 2 <= len(content):
            kind, layer = content[at] >> 1 & 63, (content[at + 1] & 7) - 1
            if kind < FIRST_KEY_UNIT:
                self._highest = max(self._highest, layer)
                if kind % 2 == 0:
                    self._lowest_left_out = min(self._lowest_left_out, layer)
            at += int.from_bytes(content[at - self._prefix : at], "big") + self._prefix
