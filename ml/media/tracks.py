"""Encodes pictures and sound of any kind to the tracks that every browser plays: H.264 (8 bit, 4:2:0) and AAC."""

from collections.abc import Hashable
from fractions import Fraction
from typing import Any, Final

import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.filter import Graph
from av.video.frame import VideoFrame

VIDEO_OPTIONS: Final = {"preset": "veryfast", "crf": "21", "bf": "0"}
"""No B-frames: around a gap the duration of reordered frames would be ambiguous."""
KEY_FRAME_EVERY: Final = 50
"""Frames from one key frame to the next at most: a player decodes from there after a seek."""
VIDEO_CLOCK: Final = Fraction(1, 90_000)
AUDIO_RATE_HZ: Final = 48_000
SILENCE_FROM_S: Final = 0.05
"""Gaps in the sound longer than this are filled with silence, so that the following sound keeps its time."""
LAST_FRAME_S: Final = 0.1
"""Longest time that the last picture is shown for; a later end of the recording gets a copy of it."""
TURNS: Final = {1: ("transpose", "cclock"), 2: ("rotate", "PI"), 3: ("transpose", "clock")}
"""Filter and argument by quarter turns counterclockwise."""


class VideoTrack:
    """An H.264 track of ``size`` (width, height). Every picture is fitted into it: upright, undistorted and
    progressive."""

    def __init__(self, output: Any, size: tuple[int, int]) -> None:
        self._output = output
        self._size = (size[0] // 2 * 2, size[1] // 2 * 2)
        self._stream = output.add_stream("libx264", rate=30, options=dict(VIDEO_OPTIONS))
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        self._stream.codec_context.time_base = VIDEO_CLOCK
        self._stream.codec_context.gop_size = KEY_FRAME_EVERY
        self._graph: Graph | None = None
        self._shape: tuple[Any, ...] = ()
        self._last: VideoFrame | None = None
        self._last_pts = -1

    def add(self, frame: VideoFrame, at_s: float, *, pixel_aspect: Fraction = Fraction(1)) -> None:
        """``at_s`` is the picture's second; one that is not later than the last is left out. ``pixel_aspect`` is the
        width of a pixel over its height."""
        shape = (frame.width, frame.height, frame.format.name, frame.rotation, frame.interlaced_frame, pixel_aspect)
        if shape != self._shape or self._graph is None:
            self._flush()
            self._shape, self._graph = shape, self._built(frame, pixel_aspect)
        frame.pts, frame.time_base = round(at_s / VIDEO_CLOCK), VIDEO_CLOCK
        self._graph.vpush(frame)
        self._pull()

    def finish(self, *, end_s: float | None = None) -> None:
        """Ends the track; the last picture is shown until ``end_s``."""
        self._flush()
        if end_s is not None and self._last is not None:
            end_pts = round((end_s - LAST_FRAME_S) / VIDEO_CLOCK)
            if end_pts > self._last_pts:
                self._last.pts = end_pts
                self._output.mux(self._stream.encode(self._last))
        self._output.mux(self._stream.encode(None))

    def _flush(self) -> None:
        """Pictures that a filter holds back until the next one comes."""
        if self._graph is not None:
            self._graph.vpush(None)
            self._pull()
            self._graph = None

    def _pull(self) -> None:
        assert self._graph is not None
        while True:
            try:
                fitted = self._graph.vpull()
            except (av.error.BlockingIOError, av.error.EOFError):
                return
            if fitted.pts is None or fitted.pts <= self._last_pts:
                continue
            if self._last is None:
                self._keep_color(fitted)
            self._last, self._last_pts = fitted, fitted.pts
            fitted.time_base = VIDEO_CLOCK
            fitted.pict_type = 0  # the encoder chooses its own key frames
            self._output.mux(self._stream.encode(fitted))

    def _keep_color(self, frame: VideoFrame) -> None:
        """States the colour space of the source (HDR among them), so that players show its colours."""
        context = self._stream.codec_context
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        context.colorspace, context.color_range = frame.colorspace, frame.color_range

    def _built(self, frame: VideoFrame, pixel_aspect: Fraction) -> Graph:
        width, height = frame.width * float(pixel_aspect), float(frame.height)
        turns = round(frame.rotation / 90) % 4
        across, down = self._size if turns % 2 == 0 else self._size[::-1]
        scale = min(across / width, down / height)
        inner = [max(2, round(side * scale / 2) * 2) for side in (width, height)]
        filters = [("bwdif", "mode=send_frame")] if frame.interlaced_frame else []
        filters += [("scale", f"{inner[0]}:{inner[1]}"), ("setsar", "1")]
        filters += [TURNS[turns]] if turns else []
        filters += [("pad", f"{self._size[0]}:{self._size[1]}:(ow-iw)/2:(oh-ih)/2"), ("format", "yuv420p")]
        graph = Graph()
        source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=VIDEO_CLOCK)
        nodes = [graph.add(name, arguments) for name, arguments in filters]
        graph.link_nodes(source, *nodes, graph.add("buffersink")).configure()
        return graph


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
