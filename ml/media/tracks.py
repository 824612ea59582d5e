"""Encodes pictures and sound of any kind to the tracks that every browser plays: H.264 (8 bit, 4:2:0) and AAC."""

from collections.abc import Hashable, Mapping
from fractions import Fraction
from typing import Any, Final

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace

VIDEO_OPTIONS: Final = {"preset": "veryfast", "crf": "21", "bf": "0"}
"""No B-frames: around a gap the duration of reordered frames would be ambiguous."""
KEY_FRAME_EVERY: Final = 50
"""Frames from one key frame to the next at most: a player decodes from there after a seek."""
VIDEO_CLOCK: Final = Fraction(1, 90_000)
AUDIO_RATE_HZ: Final = 48_000
SILENCE_FROM_S: Final = 0.05
"""Gaps in the sound longer than this are filled with silence, so that the following sound keeps its time."""
LAST_FRAME_S: Final = 0.1
"""Longest time that the last picture lasts; where the recording ends later, it is repeated."""


def scaled(size: tuple[int, int], long_side: int) -> tuple[int, int]:
    """``size`` with even sides, reduced where its longer side is more than ``long_side``."""
    scale = min(1.0, long_side / max(size))
    return (max(2, round(size[0] * scale / 2) * 2), max(2, round(size[1] * scale / 2) * 2))


class VideoTrack:
    """An H.264 track of ``size`` (width, height). Pictures of any size are fitted into it, without distorting them.

    ``options`` are the encoder's.
    """

    def __init__(self, output: Any, size: tuple[int, int], *, options: Mapping[str, str] = VIDEO_OPTIONS) -> None:
        self._output = output
        self._size = (size[0] // 2 * 2, size[1] // 2 * 2)
        self._stream = output.add_stream("libx264", rate=30, options=dict(options))
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = VIDEO_CLOCK
        self._stream.codec_context.gop_size = KEY_FRAME_EVERY
        self._stream.codec_context.colorspace = Colorspace.ITU709
        self._stream.codec_context.color_range = ColorRange.MPEG
        self._graphs: dict[tuple[Any, ...], Graph] = {}
        self._last: VideoFrame | None = None
        self._last_pts = -1

    def add(self, frame: VideoFrame, at_s: float) -> None:
        """``at_s`` is the picture's second. A picture that is not later than the last one is left out."""
        pts = round(at_s / VIDEO_CLOCK)
        if pts <= self._last_pts:
            return
        graph = self._graph(frame)
        graph.vpush(frame)
        self._last = graph.vpull()
        self._encode(self._last, pts)

    def finish(self, *, end_s: float = 0.0) -> None:
        """Ends the track. The last picture is shown until ``end_s``, where that is later."""
        end_pts = round((end_s - LAST_FRAME_S) / VIDEO_CLOCK)
        if self._last is not None and end_pts > self._last_pts:
            self._encode(self._last, end_pts)
        self._output.mux(self._stream.encode(None))

    def _encode(self, fitted: VideoFrame, pts: int) -> None:
        self._last_pts = pts
        fitted.pts, fitted.time_base = pts, VIDEO_CLOCK
        fitted.pict_type = 0  # the encoder chooses its own key frames
        self._output.mux(self._stream.encode(fitted))

    def _graph(self, frame: VideoFrame) -> Graph:
        key = (frame.width, frame.height, frame.format.name)
        if key not in self._graphs:
            width, height = self._size
            graph = Graph()
            source = graph.add_buffer(
                width=frame.width, height=frame.height, format=frame.format, time_base=VIDEO_CLOCK
            )
            graph.link_nodes(
                source,
                graph.add(
                    "scale",
                    f"{width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
                    ":out_color_matrix=bt709:out_range=tv",
                ),
                graph.add("pad", f"{width}:{height}:(ow-iw)/2:(oh-ih)/2"),
                graph.add("format", "yuv420p"),
                graph.add("buffersink"),
            ).configure()
            self._graphs[key] = graph
        return self._graphs[key]


class AudioTrack:
    """One continuous AAC track: gaps are filled with silence, overlaps are cut."""

    def __init__(self, output: Any, *, layout: str = "mono") -> None:
        self._output = output
        self._layout = layout
        self._channels = 1 if layout == "mono" else 2
        self._stream = output.add_stream("aac", rate=AUDIO_RATE_HZ, layout=layout)
        self._resamplers: dict[tuple[Any, ...], AudioResampler] = {}
        self._written = 0

    def add(self, frame: AudioFrame, at_s: float, *, source: Hashable = None) -> None:
        """``at_s`` is the second of the frame's first sample. Frames of one ``source`` follow each other."""
        key = source, frame.format.name, frame.layout.name, frame.sample_rate
        if key not in self._resamplers:
            self._resamplers[key] = AudioResampler(format="fltp", layout=self._layout, rate=AUDIO_RATE_HZ)
        frame.pts = None  # the place in the track is computed here
        samples = [part.to_ndarray() for part in self._resamplers[key].resample(frame)]
        if not samples:
            return
        block = np.concatenate(samples, axis=1)
        gap = round(at_s * AUDIO_RATE_HZ) - self._written
        if gap > SILENCE_FROM_S * AUDIO_RATE_HZ:
            self._write_silence(gap)
        elif gap < -SILENCE_FROM_S * AUDIO_RATE_HZ:
            block = block[:, -gap:]
        self._write(block)

    def finish(self) -> None:
        self._output.mux(self._stream.encode(None))

    def _write_silence(self, count: int) -> None:
        while count > 0:
            block = np.zeros((self._channels, min(count, AUDIO_RATE_HZ)), np.float32)
            self._write(block)
            count -= block.shape[1]

    def _write(self, block: Any) -> None:
        if not block.size:
            return
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block, np.float32), format="fltp", layout=self._layout)
        frame.sample_rate = AUDIO_RATE_HZ
        frame.time_base = Fraction(1, AUDIO_RATE_HZ)
        frame.pts = self._written
        self._written += block.shape[1]
        self._output.mux(self._stream.encode(frame))
