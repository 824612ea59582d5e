"""Decoding of one stream, on the recording's clock, past restarts of its timestamps and damaged packets."""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import av.error
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from ml.media.clock import part_of
from ml.media.errors import MediaError
from ml.media.parts import Part
from ml.media.ticks import Ticks

MOST_PENDING: Final = 256
"""Packets whose frames are awaited: more than decoders hold back, and a bound for damaged streams."""


class Decoder:
    """Decodes a stream packet by packet.

    A decoder that works in several threads is some packets behind: frames and failures are those of earlier packets.
    """

    def __init__(
        self,
        container: InputContainer,
        stream: Stream,
        parts: Sequence[Part],
        *,
        is_wanted: Callable[[float | None], bool] | None = None,
    ) -> None:
        """``parts``: the recording's clock (:class:`ml.media.clock.Part`). ``is_wanted``: whether the picture of this
        second must be decoded; one that is not is left out if nothing refers to it."""
        self._container, self._stream, self._parts = container, stream, parts
        self._is_wanted = is_wanted
        self._ticks = Ticks(stream.time_base) if stream.time_base is not None else None
        self._part = parts[0]
        self._pending: OrderedDict[int, Part] = OrderedDict()

    def __iter__(self) -> Iterator[tuple["Packet[Any]", list[Any] | None]]:
        """Yields each packet with the frames that came out of the decoder, or None where decoding failed. The last
        packet is empty; the rest of the frames comes with it."""
        for packet in self._container.demux(self._stream):
            if packet.size:
                self._part = part_of(self._parts, packet)
                if packet.pts is not None and len(self._parts) > 1:
                    self._pending[packet.pts] = self._part
                    if len(self._pending) > MOST_PENDING:
                        self._pending.popitem(last=False)
            if self._is_wanted is not None:
                wanted = not packet.size or self._is_wanted(self.packet_s(packet))
                self._stream.codec_context.skip_frame = "DEFAULT" if wanted else "NONREF"
            try:
                frames: list[Any] | None = list(packet.decode())
            except av.error.MemoryError as error:
                raise MediaError("too_heavy") from error
            except av.error.FFmpegError:
                frames = None
            yield packet, frames

    def packet_s(self, packet: "Packet[Any]") -> float | None:
        """The second of the current packet, None where it has no time."""
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or not packet.size or self._ticks is None:
            return None
        return self._ticks.seconds(at) + self._part.shift_s

    def frame_s(self, frame: Any) -> float | None:
        """The second of a frame, None where it has no time."""
        # AVI knows the order of decoding only; frames come out of the decoder in the order of time.
        at = frame.pts if frame.pts is not None else frame.dts
        if at is None or self._ticks is None:
            return None
        return self._ticks.seconds(at) + self._pending.pop(at, self._part).shift_s
