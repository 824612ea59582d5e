"""Transcodes takes with different codecs or sizes to one track each of H.264 and AAC: the only case in which a live
recording is encoded again."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from ml.media.merging import Opened, Placed, merged, open_all
from ml.media.tracks import AudioTrack, VideoTrack, scaled

LONG_SIDE: Final = 1280
"""Longest side of an encoded picture, in pixels: what the analysis reads. It bounds the time that encoding takes."""


def encode(placed: Sequence[Placed], path: Path, *, end_s: float) -> None:
    """Writes all takes up to ``end_s`` into an mp4 with the picture size of the longest take that has one, at most
    :data:`LONG_SIDE`. Other sizes are fitted into it."""
    shown = [take for take in placed if take.scan.video]
    with ExitStack() as stack:
        opened = open_all(placed, stack)
        output = stack.enter_context(av.open(str(path), "w", container_options={"movflags": "+faststart"}))
        pictures = VideoTrack(output, _picture_size(shown)) if shown else None
        sound = AudioTrack(output) if any(take.scan.audio for take in placed) else None
        current: Opened | None = None
        for take, packet in merged(opened, end_s=end_s):
            if packet.stream.type == "audio":
                if sound is not None:
                    _add_sound(sound, take, _decoded(packet))
                continue
            assert pictures is not None
            if current is not None and take is not current:
                _add_pictures(pictures, _rest(current))
            current = take
            _add_pictures(pictures, _decoded(packet))
        if pictures is not None:
            _add_pictures(pictures, _rest(current) if current is not None else [])
            pictures.finish()
        if sound is not None:
            sound.finish()


def _picture_size(shown: Sequence[Placed]) -> tuple[int, int]:
    return scaled(max(shown, key=lambda take: take.scan.length_s).scan.size, LONG_SIDE)


def _add_pictures(track: VideoTrack, frames: Sequence[VideoFrame]) -> None:
    for frame in frames:
        if frame.pts is not None and frame.time_base is not None:
            track.add(frame, float(frame.pts * frame.time_base))


def _add_sound(track: AudioTrack, take: Opened, frames: Sequence[AudioFrame]) -> None:
    for frame in frames:
        if frame.pts is not None and frame.time_base is not None:
            track.add(frame, float(frame.pts * frame.time_base), source=take.placed.scan.take.number)


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
