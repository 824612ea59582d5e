"""A take: one stretch of a browser's recorder, as the parts in which it arrived. Read in place, never copied."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from ml.media.container import OPTIONS, audio_streams, video_streams
from ml.media.errors import MediaError

IN_BAND: Final = {"vp8", "vp9", "av1", "libdav1d", "opus"}
"""Codecs whose key frames contain all decoder parameters: their headers may differ between takes."""
READ_AT_ONCE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Take:
    """``offset_s`` is the second of the room's clock at which the recorder started."""

    number: int
    offset_s: float
    parts: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """Measured properties of a take. ``first_s`` is the container's time of its first packet, ``length_s`` runs from
    there to the end of the last; ``read_bytes`` says up to where its bytes could be read. ``video`` and ``audio`` are
    equal for takes whose packets can follow each other in one track, and None where there are no packets; ``size`` is
    (width, height), zero without a picture.
    """

    take: Take
    first_s: float
    length_s: float
    read_bytes: int
    video: tuple[Any, ...] | None
    audio: tuple[Any, ...] | None
    size: tuple[int, int]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of streams that it has."""
        return tuple(kind for kind, found in (("video", self.video), ("audio", self.audio)) if found is not None)


class Parts(io.RawIOBase):
    """The bytes of several files, one after the other, as one file."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = list(paths)
        self._starts = [0]
        for path in self._paths:
            self._starts.append(self._starts[-1] + path.stat().st_size)
        self._at = 0
        self._number = -1
        self._file: io.BufferedReader | None = None

    @property
    def size(self) -> int:
        return self._starts[-1]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        if self._at >= self.size or not len(view):
            return 0
        number = next(i for i in range(len(self._paths)) if self._at < self._starts[i + 1])
        if number != self._number:
            self._release()
            self._file, self._number = self._paths[number].open("rb"), number
        assert self._file is not None
        self._file.seek(self._at - self._starts[number])
        count = self._file.readinto(view[: self._starts[number + 1] - self._at])
        self._at += count
        return count

    def close(self) -> None:
        self._release()
        super().close()

    def _release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


@contextmanager
def take_open(take: Take) -> Iterator[InputContainer]:
    """The take as an opened container; raises :class:`MediaError` when it cannot be opened at all."""
    with Parts(take.parts) as parts:
        try:
            container = av.open(parts, options=dict(OPTIONS), metadata_errors="ignore", buffer_size=READ_AT_ONCE)
        except av.error.FFmpegError as error:
            raise MediaError("unreadable") from error
        assert isinstance(container, InputContainer)
        with container:
            yield container


def take_streams(container: InputContainer) -> list[Stream]:
    """The first stream of pictures and the first of sound, as far as there are any; raises :class:`MediaError`."""
    return [*video_streams(container)[:1], *audio_streams(container)[:1]]


def take_packets(container: InputContainer, streams: Sequence[Stream]) -> Iterator[Packet[Any]]:
    """Packets with a time, in the order of the file. Where the bytes break off, they end."""
    packets = container.demux(list(streams))
    while True:
        try:
            packet = next(packets)
        except (StopIteration, av.error.FFmpegError):
            return
        if packet.dts is None and packet.pts is None:
            continue
        if packet.size and not packet.is_corrupt and packet.time_base is not None:
            if packet.dts is None:
                packet.dts = packet.pts
            if packet.pts is None:
                packet.pts = packet.dts
            yield packet


def seconds(packet: Packet[Any]) -> float:
    """The packet's presentation time on its container's clock."""
    return float((packet.pts or 0) * packet.time_base)


def take_scan(take: Take) -> Scan:
    """Read every packet's header; raises :class:`MediaError` for a take in which there is neither picture nor sound."""
    with take_open(take) as container:
        streams = take_streams(container)
        found = {stream.type: 0 for stream in streams}
        first_s, end_s, read_bytes = None, 0.0, 0
        for packet in take_packets(container, streams):
            at_s = seconds(packet)
            first_s = at_s if first_s is None else min(first_s, at_s)
            end_s = max(end_s, at_s + float((packet.duration or 0) * packet.time_base))
            read_bytes = max(read_bytes, (packet.pos or 0) + packet.size)
            found[packet.stream.type] += 1
        if first_s is None:
            raise MediaError("no_frames")
        by_kind: dict[str, Any] = {stream.type: stream.codec_context for stream in streams if found[stream.type]}
        video, sound = by_kind.get("video"), by_kind.get("audio")
        size = (video.width, video.height) if video is not None else (0, 0)
        return Scan(
            take=take,
            first_s=first_s,
            length_s=end_s - first_s,
            read_bytes=read_bytes,
            video=(*_key(video), *size) if video is not None else None,
            audio=(*_key(sound), sound.sample_rate, sound.channels) if sound is not None else None,
            size=size,
        )


def _key(codec: Any) -> tuple[Any, ...]:
    return (codec.name, None if codec.name in IN_BAND else codec.extradata)
