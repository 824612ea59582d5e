"""Frames of a recording by presentation timestamp, thinned to a rate, upright and of bounded size."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

from ml.arrays import UInt8
from ml.media.conversion import Converter
from ml.media.damage import Damage
from ml.media.errors import MediaError
from ml.media.info import MediaInfo
from ml.media.pictures import NotExact, pictures, pictures_at
from ml.media.planes import ColorSource, whole
from ml.media.sampling import sampled, sampled_times

MAX_HOLD_S: Final = 0.2
"""Longest time that one frame counts for, in seconds, where the recording has no more frames."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One sampled frame. It counts for ``[start_s, end_s)``: until the next sampled frame, or less at a gap in the
    recording. ``picture`` is upright as displayed, with square pixels: RGB uint8 (H, W, 3), or planes."""

    start_s: float
    end_s: float
    picture: ColorSource

    @property
    def rgb(self) -> UInt8:
        """uint8 (H, W, 3)."""
        return whole(self.picture)


def frames(path: str | Path, info: MediaInfo, *, fps: float, damage: Damage | None = None) -> Iterator[Frame]:
    """Decodes the chosen video track once and yields the frames nearest to the grid 0, 1/fps, 2/fps ... seconds, each
    at most once.

    A frame counts for 0.2 s at most: what lies between two pictures of a recording with one picture a second was not
    observed. On a grid that is coarser it stands for the pictures that are skipped as well, as long as the recording
    has them. ``damage`` collects the stretches that do not decode; none of their pictures is yielded. Raises
    :class:`MediaError`.
    """
    hold_s = max(MAX_HOLD_S, 1 / fps) if info.fps * MAX_HOLD_S >= 1 else MAX_HOLD_S
    waiting: tuple[float, ColorSource] | None = None
    for at_s, picture in _sampled(path, info, fps, damage or Damage()):
        if waiting is not None:
            yield Frame(waiting[0], _end_s(waiting[0], min(at_s, waiting[0] + hold_s), info), waiting[1])
        waiting = at_s, picture
    if waiting is None:
        raise MediaError("no_frames")
    last_s = waiting[0] + min(hold_s, 1 / min(fps, info.fps or fps))
    yield Frame(waiting[0], max(waiting[0], _end_s(waiting[0], min(last_s, info.duration_s), info)), waiting[1])


def _end_s(start_s: float, end_s: float, info: MediaInfo) -> float:
    """Where a frame ends that would count until ``end_s``: at the latest where pictures are missing."""
    missing = info.video.missing if info.video is not None else ()
    return min([end_s, *(hole_s for hole_s, _ in missing if hole_s > start_s)])


def _sampled(path: str | Path, info: MediaInfo, fps: float, damage: Damage) -> Iterator[tuple[float, ColorSource]]:
    """(seconds, picture) of the frames nearest to the grid."""
    convert = Converter(info.video.aspect if info.video is not None else Fraction(1))
    last_s = -math.inf
    times = sampled_times(path, info, fps=fps)
    if times is not None:
        try:
            for at_s, frame in pictures_at(path, info, times):
                yield at_s, convert.picture(frame)
                last_s = at_s
            return
        except NotExact:
            pass  # from here on every picture is decoded, from the start because those before it are references
    for at_s, frame in sampled(pictures(path, info, damage), fps=fps, duration_s=info.duration_s):
        if at_s > last_s:
            yield at_s, convert.picture(frame)
