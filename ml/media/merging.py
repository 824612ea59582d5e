"""Places the takes of a live recording on one clock, and selects the packets to keep."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Final

from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream

from ml.media.takes import Scan, seconds, take_open, take_packets, take_streams

OVERLAP_TOLERANCE_S: Final = 0.5
"""Takes that overlap by less are moved apart: the start of a take is not known more precisely."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A take at its place: its first packet is at ``start_s`` of the room's clock."""

    scan: Scan
    start_s: float

    @property
    def end_s(self) -> float:
        return self.start_s + self.scan.length_s


def place(scans: Sequence[Scan]) -> list[Placed]:
    """Each take at its time on the room's clock. Takes with a small overlap follow each other."""
    placed: list[Placed] = []
    for scan in scans:
        start_s = scan.take.offset_s
        end_s = placed[-1].end_s if placed else 0.0
        if 0 < end_s - start_s < OVERLAP_TOLERANCE_S:
            start_s = end_s
        placed.append(Placed(scan, start_s))
    return placed


@dataclass(frozen=True, slots=True)
class Opened:
    placed: Placed
    container: InputContainer
    streams: list[Stream]


def open_all(placed: Sequence[Placed], stack: ExitStack) -> list[Opened]:
    opened = []
    for take in placed:
        container = stack.enter_context(take_open(take.scan.take))
        streams = [stream for stream in take_streams(container) if stream.type in take.scan.kinds]
        opened.append(Opened(take, container, streams))
    return opened


def merged(opened: Sequence[Opened], *, end_s: float) -> Iterator[tuple[Opened, Packet[Any]]]:
    """The packets to keep of all takes, in the order of their time, which is moved to the file's clock; none that
    begins at its second ``end_s`` or later."""
    taken = [(end_s, math.inf)]
    kept: list[Iterator[tuple[float, int, Opened, Packet[Any]]]] = []
    for take in reversed(opened):
        kept.append(_kept(take, tuple(taken)))
        taken.append((take.placed.start_s, take.placed.end_s))
    for _, _, take, packet in heapq.merge(*kept, key=lambda item: item[:2]):
        yield take, packet


def _kept(take: Opened, taken: tuple[tuple[float, float], ...]) -> Iterator[tuple[float, int, Opened, Packet[Any]]]:
    number, shift_s = take.placed.scan.take.number, take.placed.start_s - take.placed.scan.first_s
    needs_key = True  # at the start, and where the take goes on after a gap
    for packet in take_packets(take.container, take.streams):
        at_s = seconds(packet) + shift_s
        is_picture = packet.stream.type == "video"
        if any(start_s <= at_s < end_s for start_s, end_s in taken):
            needs_key = needs_key or is_picture
            continue
        if is_picture:
            if needs_key and not packet.is_keyframe:
                continue
            needs_key = False
        shift = round(shift_s / packet.time_base)
        packet.pts, packet.dts = (packet.pts or 0) + shift, (packet.dts or 0) + shift
        yield at_s, number, take, packet
