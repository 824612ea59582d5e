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

RESTART_S: Final = 1.0
"""A stream whose timestamps go back by more than this begins again."""
CLOSED_HOLE_S: Final = 3600.0
"""A hole in all streams longer than this is closed: it comes from a clock that was set anew, not from a pause."""
RUN_IN_S: Final = 0.05
"""Sound that begins by less before the first picture is the run-in of its encoder (AAC: 1,024 to 2,112 samples)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the file with one run of timestamps, from byte ``first_byte`` to the next part.

    It begins at ``start_s`` of the recording. Within it, the recording's second is the container's second plus
    ``shift_s``.
    """

    first_byte: int
    start_s: float
    shift_s: float


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
        self._times: list[dict[int, array[float]]] = []
        self._first_bytes: list[int] = []
        self._last_s: dict[int, float] = {}

    def add(self, packet: "Packet[Any]") -> bool:
        """Takes one packet; returns whether it counts. One without a time or without content does not, nor does one
        that an edit list hides."""
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or packet.time_base is None or not packet.size:
            return False
        if packet.is_corrupt or packet.is_discard:
            return False
        index = packet.stream_index
        # Only the order of decoding shows that a clock begins again: presentation times go to and fro.
        order_s = None if packet.dts is None else float(packet.dts * packet.time_base)
        if not self._times or (order_s is not None and self._begins_again(index, order_s)):
            self._first_bytes.append((packet.pos or 0) if self._times else 0)
            self._times.append({})
            self._last_s.clear()
        if order_s is not None:
            self._last_s[index] = order_s
        start_s = float(at * packet.time_base)
        times = self._times[-1].setdefault(index, array("d"))
        times.append(start_s)
        times.append(start_s + float((packet.duration or 0) * packet.time_base))
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

    def _begins_again(self, index: int, order_s: float) -> bool:
        last_s = self._last_s.get(index)
        if last_s is None:
            return False
        return order_s < last_s - RESTART_S or order_s - max(self._last_s.values()) > CLOSED_HOLE_S
