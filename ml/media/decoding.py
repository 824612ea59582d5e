"""Decoding of one stream, on the recording's clock, past restarts of its timestamps and damaged packets."""

from collections.abc import Iterator, Sequence
from typing import Any

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from ml.media.clock import Part, part_of


def decoded(
    container: InputContainer, stream: Stream, parts: Sequence[Part]
) -> Iterator[tuple[Part, "Packet[Any] | None", list[Any] | None]]:
    """The frames of a stream by packet: (part of the file, packet, its frames). None instead of frames where decoding
    failed. At the end of each part comes the rest of its frames, without a packet.

    A decoder that works in several threads is some packets behind: frames and failures are those of earlier packets.
    """
    part: Part | None = None
    for packet in container.demux(stream):
        if not packet.size:
            continue  # the end of the stream
        following = part_of(parts, packet)
        if part is not None and following != part:
            yield part, None, _rest(stream)
        part = following
        try:
            frames: list[Any] | None = list(packet.decode())
        except av.error.FFmpegError:
            frames = None
        yield part, packet, frames
    if part is not None:
        yield part, None, _rest(stream)


def _rest(stream: Any) -> list[Any]:
    """The frames that the decoder still holds. It is empty afterwards, and may go on with a key frame."""
    try:
        frames = list(stream.codec_context.decode(None))
    except av.error.FFmpegError:
        frames = []
    stream.codec_context.flush_buffers()
    for frame in frames:
        frame.time_base = frame.time_base or stream.time_base  # which is otherwise taken from the packet
    return frames
