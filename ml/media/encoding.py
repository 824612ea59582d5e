"""Transcodes takes with different codecs or sizes to one track each of H.264 and AAC: the only case in which a live
recording is encoded again."""

from collections.abc import Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph
from av.video.frame import VideoFrame

from ml.media.merging import Opened, Placed, merged, open_all

VIDEO_OPTIONS: Final = {"preset": "veryfast", "crf": "21", "bf": "0"}
"""No B-frames: around a gap the duration of reordered frames would be ambiguous."""
VIDEO_CLOCK: Final = Fraction(1, 90_000)
AUDIO_RATE_HZ: Final = 48_000
SILENCE_FROM_S: Final = 0.05
"""Gaps in the sound longer than this are filled with silence, so that the following sound keeps its time."""


def encode(placed: Sequence[Placed], path: Path, *, end_s: float) -> None:
    """Writes all takes up to ``end_s`` into an mp4 with the picture size of the longest take. Other sizes are fitted
    into it."""
    size = max(placed, key=lambda take: take.scan.length_s).scan.size
    with ExitStack() as stack:
        opened = open_all(placed, stack)
        output = stack.enter_context(av.open(str(path), "w", container_options={"movflags": "+faststart"}))
        pictures = _Pictures(output, size)
        sound = _Sound(output) if any(take.scan.audio for take in placed) else None
        current: Opened | None = None
        for take, packet in merged(opened, end_s=end_s):
            if packet.stream.type == "audio":
                for frame in _decoded(packet):
                    if sound is not None:
                        sound.add(take, frame)
                continue
            if current is not None and take is not current:
                pictures.add_all(current, _rest(current))
            current = take
            pictures.add_all(take, _decoded(packet))
        if current is not None:
            pictures.add_all(current, _rest(current))
        if sound is not None:
            sound.finish()
        pictures.finish()


def _decoded(packet: Any) -> list[Any]:
    try:
        return list(packet.decode())
    except av.error.FFmpegError:
        return []  # one damaged packet; the next key frame decodes


def _rest(take: Opened) -> list[Any]:
    """Flushes the take's decoder. If the take continues later, it does so with a key frame."""
    stream: Any = next(stream for stream in take.streams if stream.type == "video")
    try:
        frames = list(stream.codec_context.decode(None))
    except av.error.FFmpegError:
        frames = []
    stream.codec_context.flush_buffers()
    for frame in frames:
        frame.time_base = frame.time_base or stream.time_base  # which is otherwise taken from the packet
    return frames


class _Pictures:
    """Fits pictures of any size into the track's, without distorting them."""

    def __init__(self, output: Any, size: tuple[int, int]) -> None:
        self._output = output
        self._size = (size[0] // 2 * 2, size[1] // 2 * 2)
        self._stream = output.add_stream("libx264", rate=30, options=dict(VIDEO_OPTIONS))
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = VIDEO_CLOCK
        self._graphs: dict[tuple[Any, ...], Graph] = {}
        self._last_pts = -1

    def add_all(self, take: Opened, frames: Sequence[VideoFrame]) -> None:
        for frame in frames:
            if frame.pts is not None and frame.time_base is not None:
                self._add(take, frame, round(frame.pts * frame.time_base / VIDEO_CLOCK))

    def _add(self, take: Opened, frame: VideoFrame, pts: int) -> None:
        graph = self._graph(take, frame)
        graph.vpush(frame)
        fitted = graph.vpull()
        if pts <= self._last_pts:
            return
        self._last_pts = pts
        fitted.pts, fitted.time_base = pts, VIDEO_CLOCK
        fitted.pict_type = 0  # the encoder chooses its own key frames
        self._output.mux(self._stream.encode(fitted))

    def finish(self) -> None:
        self._output.mux(self._stream.encode(None))

    def _graph(self, take: Opened, frame: VideoFrame) -> Graph:
        key = (take.placed.scan.take.number, frame.width, frame.height, frame.format.name)
        if key not in self._graphs:
            width, height = self._size
            graph = Graph()
            source = graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base
            )
            graph.link_nodes(
                source,
                graph.add("scale", f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"),
                graph.add("pad", f"{width}:{height}:(ow-iw)/2:(oh-ih)/2"),
                graph.add("format", "yuv420p"),
                graph.add("buffersink"),
            ).configure()
            self._graphs[key] = graph
        return self._graphs[key]


class _Sound:
    """One continuous mono track: gaps are filled with silence, overlaps are cut."""

    def __init__(self, output: Any) -> None:
        self._output = output
        self._stream = output.add_stream("aac", rate=AUDIO_RATE_HZ, layout="mono")
        self._resamplers: dict[int, AudioResampler] = {}
        self._written = 0

    def add(self, take: Opened, frame: AudioFrame) -> None:
        if frame.pts is None or frame.time_base is None:
            return
        start = round(frame.pts * frame.time_base * AUDIO_RATE_HZ)
        number = take.placed.scan.take.number
        if number not in self._resamplers:
            self._resamplers[number] = AudioResampler(format="fltp", layout="mono", rate=AUDIO_RATE_HZ)
        samples = [part.to_ndarray() for part in self._resamplers[number].resample(frame)]
        if not samples:
            return
        block = np.concatenate(samples, axis=1)
        gap = start - self._written
        if gap > SILENCE_FROM_S * AUDIO_RATE_HZ:
            self._write_silence(gap)
        elif gap < -SILENCE_FROM_S * AUDIO_RATE_HZ:
            block = block[:, -gap:]
        self._write(block)

    def finish(self) -> None:
        self._output.mux(self._stream.encode(None))

    def _write_silence(self, count: int) -> None:
        while count > 0:
            block = np.zeros((1, min(count, AUDIO_RATE_HZ)), np.float32)
            self._write(block)
            count -= block.shape[1]

    def _write(self, block: Any) -> None:
        if not block.size:
            return
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block, np.float32), format="fltp", layout="mono")
        frame.sample_rate = AUDIO_RATE_HZ
        frame.time_base = Fraction(1, AUDIO_RATE_HZ)
        frame.pts = self._written
        self._written += block.shape[1]
        self._output.mux(self._stream.encode(frame))
