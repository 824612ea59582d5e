"""Frames of a recording by presentation timestamp, thinned to a rate, upright and of bounded size."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import av
import av.error
import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray

from ml.media.container import clock_start_s, open_recording, video_stream
from ml.media.errors import MediaError

LONG_SIDE: Final = 1280
"""Longest side of a converted frame, in pixels: enough for a face that fills a tenth of the height."""
MAX_HOLD_S: Final = 1.0
"""Longest time that one frame counts for, in seconds."""
DAMAGED_IN_A_ROW: Final = 500
"""Number of consecutive packets without a picture after which decoding ends."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One sampled frame. It counts for ``[start_s, end_s)``: until the next sampled frame, or less at a gap in the
    recording. ``rgb`` is uint8 (H, W, 3), upright as displayed."""

    start_s: float
    end_s: float
    rgb: NDArray[np.uint8]


def frames(path: str | Path, *, fps: float, source_fps: float, duration_s: float) -> Iterator[Frame]:
    """Decodes once and yields the frames nearest to the grid 0, 1/fps, 2/fps ... seconds, each at most once.

    ``source_fps`` and ``duration_s`` come from the probe. Raises :class:`MediaError`.
    """
    step_s = 1 / min(fps, source_fps or fps)
    hold_s = min(MAX_HOLD_S, 2 * step_s)
    waiting: tuple[float, NDArray[np.uint8]] | None = None
    for at_s, picture in _sampled(path, fps, duration_s):
        if waiting is not None:
            yield Frame(waiting[0], min(at_s, waiting[0] + hold_s), waiting[1])
        waiting = at_s, picture
    if waiting is None:
        raise MediaError("no_frames")
    end_s = max(waiting[0], min(duration_s, waiting[0] + step_s))
    yield Frame(waiting[0], end_s, waiting[1])


def _sampled(path: str | Path, fps: float, duration_s: float) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """(seconds, picture) of the frames nearest to the grid. A frame owns the grid points nearer to it than to its
    neighbours, and is converted only if it owns one."""
    convert = _Converter()
    previous: tuple[float, VideoFrame] | None = None
    due = 0
    for at_s, frame in _decoded(path):
        if previous is not None:
            if at_s <= previous[0]:
                continue  # a timestamp that stands still or runs back
            middle = (previous[0] + at_s) / 2
            if due / fps <= middle:
                yield previous[0], convert(previous[1])
                due = math.floor(middle * fps) + 1
        previous = at_s, frame
    if previous is not None and (due == 0 or due / fps <= min(previous[0], duration_s - 1 / fps) + 0.5 / fps):
        yield previous[0], convert(previous[1])


def _decoded(path: str | Path) -> Iterator[tuple[float, VideoFrame]]:
    """Every frame that decodes, with its time on the recording's clock in seconds. Damaged packets are skipped."""
    with open_recording(path) as container:
        stream = video_stream(container)
        stream.thread_type = "AUTO"
        start_s = clock_start_s(container)
        damaged = 0
        for packet in container.demux(stream):
            try:
                pictures: list[Any] = packet.decode()
            except av.error.FFmpegError:
                pictures = []
            damaged = 0 if pictures else damaged + 1
            if damaged > DAMAGED_IN_A_ROW:
                return
            for frame in pictures:
                # AVI knows the order of decoding only; frames come out of the decoder in the order of time.
                at = frame.pts if frame.pts is not None else frame.dts
                if at is not None and frame.time_base is not None:
                    at_s = float(at * frame.time_base) - start_s
                    if at_s >= 0:
                        yield at_s, frame


class _Converter:
    """From a decoded frame to an upright RGB array of bounded size; shrinking comes first, to save the rest."""

    def __init__(self) -> None:
        self._reformatter = VideoReformatter()

    def __call__(self, frame: VideoFrame) -> NDArray[np.uint8]:
        scale = min(1.0, LONG_SIDE / max(frame.width, frame.height))
        rgb = self._reformatter.reformat(
            frame,
            width=max(2, round(frame.width * scale)),
            height=max(2, round(frame.height * scale)),
            format="rgb24",
            interpolation=Interpolation.AREA if scale < 1 else Interpolation.BILINEAR,
        ).to_ndarray()
        quarter_turns = round(frame.rotation / 90) % 4  # counterclockwise, as numpy turns
        return np.ascontiguousarray(np.rot90(rgb, quarter_turns) if quarter_turns else rgb)
