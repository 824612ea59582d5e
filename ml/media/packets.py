"""Writes packets as they are into another container."""

from collections.abc import Iterable
from typing import Any, Final

from av.packet import Packet
from av.stream import Stream

CONTAINER_OPTIONS: Final = {
    ".webm": {"cues_to_front": "1"},
    ".mkv": {"cues_to_front": "1"},
    ".mp4": {"movflags": "+faststart"},
}
"""The index comes first, where a player looks first."""


class PacketWriter:
    """Copies packets into one track per kind of stream. The first of the ``streams`` of a kind is its template."""

    def __init__(self, output: Any, streams: Iterable[Stream]) -> None:
        self._output = output
        self._tracks: dict[str, Any] = {}
        self._last: dict[str, int] = {}
        for stream in streams:
            if stream.type not in self._tracks:
                self._tracks[stream.type] = output.add_stream_from_template(stream)
        output.start_encoding()

    def write(self, packet: "Packet[Any]") -> None:
        kind = packet.stream.type
        track = self._tracks[kind]
        assert packet.time_base is not None
        scale = packet.time_base / track.time_base
        # Neighbours that are closer than a step of the track's clock would share a time, which no format allows.
        dts = max(round((packet.dts or 0) * scale), self._last.get(kind, -(2**62)) + 1)
        pts = max(round((packet.pts or 0) * scale), dts)
        self._last[kind] = dts
        packet.duration = round((packet.duration or 0) * scale)
        packet.stream = track
        packet.time_base, packet.dts, packet.pts = track.time_base, dts, pts
        self._output.mux_one(packet)
