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

from ml.media.container import OPTIONS, audio_stream, video_stream
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
    equal for takes whose packets can follow each other in one track; ``size`` is (width, height).
    """

    take: Take
    first_s: float
    length_s: float
    read_bytes: int
    video: tuple[Any, ...]
    audio: tuple[Any, ...] | None
    size: tuple[int, int]


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
    """The stream of pictures and, if there is one, that of sound; raises :class:`MediaError`."""
    sound = audio_stream(container)
    return [video_stream(container), *([sound] if sound is not None else [])]


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
    """Read every packet's header; raises :class:`MediaError` for a take in which there is no moving picture."""
    with take_open(take) as container:
        streams = take_streams(container)
        found = {stream.index: 0 for stream in streams}
        first_s, end_s, read_bytes = None, 0.0, 0
        for packet in take_packets(container, streams):
            at_s = seconds(packet)
            first_s = at_s if first_s is None else min(first_s, at_s)
            end_s = max(end_s, at_s + float((packet.duration or 0) * packet.time_base))
            read_bytes = max(read_bytes, (packet.pos or 0) + packet.size)
            found[packet.stream.index] += 1
        video = video_stream(container)
        sound = audio_stream(container)
        if first_s is None or not found[video.index]:
            raise MediaError("no_frames")
        has_sound = sound is not None and found[sound.index] > 0
        size = (video.codec_context.width, video.codec_context.height)
        return Scan(
            take=take,
            first_s=first_s,
            length_s=end_s - first_s,
            read_bytes=read_bytes,
            video=(*_key(video), *size),
            audio=(*_key(sound), sound.codec_context.sample_rate, sound.codec_context.channels)
            if has_sound and sound is not None
            else None,
            size=size,
        )


def _key(stream: Stream) -> tuple[Any, ...]:
    name = stream.codec_context.name
    return (name, None if name in IN_BAND else stream.codec_context.extradata)
