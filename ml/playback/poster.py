"""The poster of a recording: one of its pictures as a small JPEG."""

from pathlib import Path
from typing import Final

import av
import av.error
from av.video.frame import VideoFrame

from ml.media.container import open_recording, video_streams
from ml.media.conversion import Converter
from ml.media.errors import MediaError
from ml.media.geometry import pixel_aspect_of
from ml.media.tracks import scaled

LONG_SIDE: Final = 640
"""Longest side of the poster, in pixels."""


def write_poster(path: Path, target: Path, *, at_s: float) -> None:
    """Writes the picture of second ``at_s``, or the last one before the end, upright and undistorted.

    ``path`` is a recording that browsers play: its clock starts at 0, and its first video track is the one that is
    read. Raises :class:`MediaError`.
    """
    with open_recording(path) as container:
        stream = next(iter(video_streams(container)), None)
        if stream is None:
            raise MediaError("no_frames")
        container.seek(int(at_s * av.time_base))
        found: VideoFrame | None = None
        for frame in container.decode(stream):
            found = frame
            if frame.time is not None and frame.time >= at_s:
                break
        if found is None:
            raise MediaError("no_frames")
        picture = VideoFrame.from_ndarray(Converter(pixel_aspect_of(stream))(found), format="rgb24")
        width, height = scaled((picture.width, picture.height), LONG_SIDE)
        picture.reformat(width=width, height=height, format="yuvj420p").save(str(target))
