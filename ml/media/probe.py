"""Probes a recording: its properties, and whether it can be analysed."""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from ml.confinement.budgets import LARGEST_FPS
from ml.media.browsers import SEVERAL, browser_obstacle
from ml.media.clock import Clock, ClockReader
from ml.media.container import OPTIONS, audio_streams, left_unread, open_recording, video_streams
from ml.media.errors import SENTENCES, MediaError
from ml.media.info import MediaInfo
from ml.media.joined import joined_recordings
from ml.media.measuring import audio_track, longest, video_track

FRAMES_WANTED: Final = 3
PACKETS_TRIED: Final = 200
"""Packets at the start within which a picture must decode."""
FPS_TOLERANCE: Final = 0.02
"""Mean rates of clocks that are not exact lie this share above the nominal one."""
HEADER_TOLERANCE_S: Final = 0.5
MISSING_SHARE: Final = 0.1
MISSING_S: Final = 2.0
"""A recording that ends this much before its declared end was truncated."""


def probe(path: str | Path, *, max_duration_s: float | None = None, needs_picture: bool = True) -> MediaInfo:
    """Read every packet and decode the first pictures; raises :class:`MediaError`.

    Of several tracks the longest of each kind is chosen; :mod:`ml.track_selection` chooses by what they show. Without
    ``needs_picture``, sound alone is a recording as well.
    """
    path = Path(path)
    with open_recording(path) as container:
        info, declared_s = _read(container, path, needs_picture=needs_picture)
    # FFmpeg reads on in joined fragments of mp4, but by the edit list of the first recording.
    may_be_joined = info.left_unread == "recording" or (info.container == "mov" and len(info.clock) > 1)
    if may_be_joined and (joined := joined_recordings(path, dict(OPTIONS))):
        with open_recording(path, joined) as container:
            whole, declared_s = _read(container, path, needs_picture=needs_picture)
        info = replace(whole, joined=joined, container=info.container, left_unread="", browser_obstacle=SEVERAL)
    if declared_s - info.duration_s > max(MISSING_S, MISSING_SHARE * declared_s):
        raise MediaError("truncated")
    if info.duration_s <= 0:
        raise MediaError("no_frames")  # a single picture without a duration is not a recording
    if info.fps > LARGEST_FPS * (1 + FPS_TOLERANCE):
        raise MediaError("too_fast")
    if max_duration_s is not None and info.duration_s > max_duration_s:
        sentence = SENTENCES["too_long"].format(duration=_spoken(info.duration_s), limit=_spoken(max_duration_s))
        raise MediaError("too_long", sentence)
    return info


def _read(container: InputContainer, path: Path, *, needs_picture: bool) -> tuple[MediaInfo, float]:
    """The properties, and the duration that the header declares (0 if it does not)."""
    videos, audios = video_streams(container), audio_streams(container)
    if not videos and (needs_picture or not audios):
        raise MediaError("audio_only" if audios else "not_media")
    streams = [*videos, *audios]
    reader = ClockReader()
    frames: dict[int, list[VideoFrame]] = {stream.index: [] for stream in videos}
    counts = dict.fromkeys((stream.index for stream in streams), 0)
    for packet in container.demux(streams):
        index = packet.stream.index  # the packet that ends a stream has no index of its own
        if index in frames and len(frames[index]) < FRAMES_WANTED and counts[index] < PACKETS_TRIED:
            frames[index].extend(_decode(packet))
        counts[index] += reader.add(packet)
    videos = [stream for stream in videos if frames[stream.index] and counts[stream.index]]
    audios = [stream for stream in audios if counts[stream.index]]
    if not videos and (needs_picture or not audios):
        raise MediaError("no_frames")
    moving = [stream for stream in videos if counts[stream.index] > 1]  # the others are covers, whatever their time
    pictures, sounds = [stream.index for stream in moving or videos], [stream.index for stream in audios]
    clock = reader.finish(pictures=pictures, sounds=sounds)
    declared_s = _declared_s(container, clock)
    duration_s = clock.end_s([*pictures, *sounds])
    if len(clock.parts) == 1 and abs(declared_s - duration_s) < HEADER_TOLERANCE_S:
        duration_s = declared_s  # players trust the header; the packets decide where it is missing or wrong
    video_tracks = tuple(
        video_track(stream, frames[stream.index][0], clock.times.get(stream.index), duration_s=duration_s)
        for stream in videos
    )
    audio_tracks = tuple(audio_track(stream, clock.times[stream.index], duration_s=duration_s) for stream in audios)
    info = MediaInfo(
        duration_s=round(duration_s, 3),
        fps=0.0,
        width=0,
        height=0,
        has_audio=False,
        video_codec="",
        audio_codec=None,
        container=container.format.name.split(",")[0],
        frames_checked=max((len(found) for found in frames.values()), default=0),
        video_tracks=video_tracks,
        audio_tracks=audio_tracks,
        clock=clock.parts,
        left_unread=_left_unread(container, path, reader.end_byte, is_short=duration_s < declared_s),
    )
    info = info.reading(video=longest(video_tracks), audio=longest(audio_tracks))
    return replace(info, browser_obstacle=browser_obstacle(container, info)), declared_s


def _declared_s(container: InputContainer, clock: Clock) -> float:
    """The length that the header declares, 0 where it says nothing of the whole file."""
    declared_s = (container.duration or 0) / av.time_base
    if len(clock.parts) > 1:
        return 0.0  # it is the first recording's
    start_s = -clock.parts[0].shift_s if clock.parts else 0.0
    # Matroska declares the end on its own clock.
    return declared_s - start_s if "matroska" in container.format.name and declared_s > start_s > 0 else declared_s


def _left_unread(container: InputContainer, path: Path, end_byte: int, *, is_short: bool) -> str:
    found = left_unread(path, end_byte)
    # Where the header declares a length, and the recording has it, the rest is something else (fonts, pictures).
    return "" if found == "data" and container.duration and not is_short else found


def _decode(packet: "Packet[Any]") -> list[VideoFrame]:
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
    except av.error.MemoryError as error:
        raise MediaError("too_heavy") from error
    except av.error.FFmpegError:
        return []  # one damaged packet; the next key frame may decode


def _spoken(seconds: float) -> str:
    """``3 h 5 min`` or ``4 min 10 s``."""
    minutes, rest_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return " ".join(part for part in (f"{minutes} min" * bool(minutes), f"{rest_s} s" * bool(rest_s)) if part) or "0 s"
