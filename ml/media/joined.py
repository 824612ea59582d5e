"""Finished recordings whose files were joined: their bytes, one after the other in one file.

FFmpeg reads the first of them and takes its end for the file's. Each is a file of its own from one byte to another, so
they are opened as such (``subfile``) and read one after the other on one clock (``concat``).
"""

import io
import mmap
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from ml.media.boxes import boxes
from ml.media.ebml import EBML, documents
from ml.media.parts import Part

MOST: Final = 32
"""Recordings of a file with more of them are not looked at."""


def joined_recordings(path: Path, options: dict[str, str]) -> tuple[Part, ...]:
    """The recordings of a file that can be read one after the other, with the second at which each begins. Empty where
    there is one, or where they differ in their tracks. ``options`` are those of the demuxer."""
    first_bytes = list(_first_bytes(path))
    if not 1 < len(first_bytes) <= MOST:
        return ()
    parts: list[Part] = []
    tracks: list[object] = []
    start_s = 0.0
    for url, first_byte in zip(_urls(path, first_bytes), first_bytes, strict=True):
        try:
            with av.open(url, options=_with_protocol(options), metadata_errors="ignore") as container:
                parts.append(Part(first_byte, start_s, 0.0))
                tracks.append([_described(stream) for stream in container.streams])
                start_s += _length_s(container)
        except av.error.FFmpegError:
            return ()
    return tuple(parts) if all(of == tracks[0] for of in tracks) else ()


def open_joined(path: Path, parts: Sequence[Part], options: dict[str, str]) -> InputContainer:
    """The recordings ``parts`` of a file as one container. Raises FFmpeg's errors."""
    urls = [url.replace("'", "'\\''") for url in _urls(path, [part.first_byte for part in parts])]
    script = "\n".join(["ffconcat version 1.0", *(f"file '{url}'" for url in urls)])
    limits = _with_protocol(options) | {"safe": "0", "format_whitelist": f"{options['format_whitelist']},concat"}
    return av.open(io.BytesIO(script.encode()), mode="r", format="concat", options=limits, metadata_errors="ignore")


def _first_bytes(path: Path) -> Iterator[int]:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[:4] == EBML:
            yield from documents(content)
            return
    yield from (start for kind, start, _ in boxes(path) if kind == b"ftyp")


def _urls(path: Path, first_bytes: Sequence[int]) -> list[str]:
    ends = [*first_bytes, path.stat().st_size]
    return [f"subfile,,start,{start},end,{end},,:{path.absolute()}" for start, end in pairwise(ends)]


def _length_s(container: InputContainer) -> float:
    """As the header declares it; otherwise from the packets."""
    if container.duration:
        return container.duration / av.time_base
    ends_s = [
        float((packet.dts + (packet.duration or 0)) * packet.time_base)
        for packet in container.demux()
        if packet.dts is not None
    ]
    return max(ends_s, default=0.0) - (container.start_time or 0) / av.time_base


def _with_protocol(options: dict[str, str]) -> dict[str, str]:
    return options | {"protocol_whitelist": "file,subfile"}


def _described(stream: Stream) -> tuple[object, ...]:
    """What has to be the same in all recordings, since one decoder reads them."""
    if isinstance(stream, VideoStream):
        return stream.type, stream.codec_context.name, stream.width, stream.height, str(stream.codec_context.pix_fmt)
    if isinstance(stream, AudioStream):
        return stream.type, stream.codec_context.name, stream.rate, stream.channels
    return (stream.type,)
