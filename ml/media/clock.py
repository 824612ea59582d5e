"""The recording's clock: from a container's timestamps to the recording's seconds, which picture and sound share.

A container's clock may begin anywhere (a recorder that has run for hours), and may begin again where two recordings
were joined into one file. The recording's clock begins at 0 and runs on.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from av.packet import Packet

from ml.arrays import Float64
from ml.media.parts import Part
from ml.media.ticks import Ticks

RESTART_S: Final = 1.0
"""A stream whose timestamps go back by more than this begins again."""
CLOSED_HOLE_S: Final = 3600.0
"""A hole in all streams longer than this is closed: it comes from a clock that was set anew, not from a pause."""
RUN_IN_S: Final = 0.05
"""Sound that begins by less before the first picture is the run-in of its encoder (AAC: 1,024 to 2,112 samples)."""


def part_of(parts: Sequence[Part], packet: "Packet[Any]") -> Part:
    """The part of the file in which the packet lies. The first one, where its position is not known."""
    position = packet.pos or 0
    return next((part for part in reversed(parts) if part.first_byte <= position), parts[0])


@dataclass(frozen=True, eq=False)
class Clock:
    """``parts`` of the file, and of each stream by its index the packets' ``times``: float64 (n, 2), start and end in
    seconds of the recording, in the order of the file."""

    parts: tuple[Part, ...]
    times: dict[int, Float64]

    def end_s(self, indexes: Sequence[int]) -> float:
        """The end of the last packet of these streams."""
        return max((float(self.times[index].max()) for index in indexes if index in self.times), default=0.0)


class ClockReader:
    """Finds the parts of a file from its packets, which must come in the order of the file."""

    def __init__(self) -> None:
        self.end_byte = 0
        """Where the last packet ends."""
        self._times: list[dict[int, array[float]]] = []
        self._first_bytes: list[int] = []
        self._ticks: dict[int, Ticks] = {}
        self._last: dict[int, tuple[float, int]] = {}
        """Of each stream, time and number of the part of its last packet."""

    def add(self, packet: "Packet[Any]") -> bool:
        """Takes one packet; returns whether it counts. One without a time or without content does not, nor does one
        that an edit list hides."""
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or not packet.size or packet.is_corrupt or packet.is_discard:
            return False
        index, position = packet.stream_index, packet.pos or 0
        if index not in self._ticks:
            if packet.time_base is None:
                return False
            self._ticks[index] = Ticks(packet.time_base)
        seconds = self._ticks[index].seconds
        self.end_byte = max(self.end_byte, position + packet.size)
        # Only the order of decoding shows that a clock begins again: presentation times go to and fro.
        order_s = None if packet.dts is None else seconds(packet.dts)
        number = self._part(index, position, order_s)
        if order_s is not None:
            self._last[index] = order_s, number
        start_s = seconds(at)
        times = self._times[number].setdefault(index, array("d"))
        times.append(start_s)
        times.append(start_s + seconds(packet.duration or 0))
        return True

    def finish(self, *, pictures: Sequence[int], sounds: Sequence[int]) -> Clock:
        """The clock of the streams with these indexes: the first of their packets is at second 0, without the run-in of
        sound."""
        parts: list[Part] = []
        times: dict[int, list[Float64]] = {}
        end_s = 0.0
        for first_byte, part in zip(self._first_bytes, self._times, strict=True):
            found = {index: np.asarray(part[index]).reshape(-1, 2) for index in (*pictures, *sounds) if index in part}
            if not found:
                continue
            starts = {index: float(of[:, 0].min()) for index, of in found.items()}
            start_s = min(starts.values())
            picture_s = min((starts[index] for index in pictures if index in starts), default=start_s)
            if picture_s - start_s < RUN_IN_S:
                start_s = picture_s
            shift_s = end_s - start_s
            parts.append(Part(first_byte if parts else 0, end_s, shift_s))
            for index, of in found.items():
                times.setdefault(index, []).append(of + shift_s)
            end_s = max(float(of.max()) + shift_s for of in found.values())
        return Clock(tuple(parts), {index: np.concatenate(of) for index, of in times.items()})

    def _part(self, index: int, position: int, order_s: float | None) -> int:
        """The number of the part that a packet belongs to, which may be a new one."""
        newest = len(self._times) - 1
        last_s, number = self._last.get(index, (None, newest))
        if newest < 0:
            return self._begin(0)
        if order_s is not None and last_s is not None and self._jumps(last_s, order_s):
            if number == newest:
                return self._begin(position)
            # Another stream began again before; in fragmented mp4 this one may lie in front of it.
            self._first_bytes[newest] = min(self._first_bytes[newest], position)
            return newest
        return number if position < self._first_bytes[newest] else newest

    def _begin(self, position: int) -> int:
        self._first_bytes.append(position)
        self._times.append({})
        return len(self._times) - 1

    def _jumps(self, last_s: float, order_s: float) -> bool:
        latest_s = max(of_stream_s for of_stream_s, _ in self._last.values())
        return order_s < last_s - RESTART_S or order_s - latest_s > CLOSED_HOLE_S
