"""Frames of a recording by presentation timestamp, thinned to a rate, upright and of bounded size."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from av.video.frame import VideoFrame

from ml.arrays import UInt8
from ml.media.conversion import Converter
from ml.media.damage import Damage
from ml.media.errors import MediaError
from ml.media.info import MediaInfo
from ml.media.pictures import pictures

MAX_HOLD_S: Final = 0.2
"""Longest time that one frame counts for, in seconds, where the recording has no more frames."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One sampled frame. It counts for ``[start_s, end_s)``: until the next sampled frame, or less at a gap in the
    recording. ``rgb`` is uint8 (H, W, 3), upright as displayed, with square pixels."""

    start_s: float
    end_s: float
    rgb: UInt8


def frames(path: str | Path, info: MediaInfo, *, fps: float, damage: Damage | None = None) -> Iterator[Frame]:
    """Decodes the chosen video track once and yields the frames nearest to the grid 0, 1/fps, 2/fps ... seconds, each
    at most once.

    A frame counts for 0.2 s at most, or for the grid's step where that is longer: what lies between two pictures of a
    recording with one picture a second was not observed. ``damage`` collects the stretches that do not decode; none of
    their pictures is yielded. Raises :class:`MediaError`.
    """
    hold_s = max(MAX_HOLD_S, 1 / fps)
    waiting: tuple[float, UInt8] | None = None
    for at_s, picture in _sampled(path, info, fps, damage or Damage()):
        if waiting is not None:
            yield Frame(waiting[0], min(at_s, waiting[0] + hold_s), waiting[1])
        waiting = at_s, picture
    if waiting is None:
        raise MediaError("no_frames")
    step_s = min(hold_s, 1 / min(fps, info.fps or fps))
    yield Frame(waiting[0], max(waiting[0], min(info.duration_s, waiting[0] + step_s)), waiting[1])


def _sampled(path: str | Path, info: MediaInfo, fps: float, damage: Damage) -> Iterator[tuple[float, UInt8]]:
    """(seconds, picture) of the frames nearest to the grid. A frame owns the grid points nearer to it than to its
    neighbours, and is converted only if it owns one."""
    convert = Converter(info.video.aspect if info.video is not None else Fraction(1))
    previous: tuple[float, VideoFrame] | None = None
    due = 0
    for at_s, frame in pictures(path, info, damage):
        if previous is not None:
            if at_s <= previous[0]:
                continue  # a timestamp that stands still or runs back
            middle = (previous[0] + at_s) / 2
            if due / fps <= middle:
                yield previous[0], convert(previous[1])
                due = math.floor(middle * fps) + 1
        previous = at_s, frame
    if previous is not None and (due == 0 or due / fps <= min(previous[0], info.duration_s - 1 / fps) + 0.5 / fps):
        yield previous[0], convert(previous[1])
