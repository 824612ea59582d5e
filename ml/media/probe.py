"""Probes a recording: its properties, and whether it can be analysed.

``python -m ml.media.probe FILE [--max-duration-s N]`` prints one line of JSON and exits 0 whether the recording is
good or not. It runs in a process of its own, so that hostile input affects nothing else.
"""

import argparse
import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import av
import av.error
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame

from ml.media.container import audio_stream, clock_start_s, open_recording, video_stream
from ml.media.errors import SENTENCES, MediaError

FRAMES_WANTED: Final = 3
PACKETS_TRIED: Final = 200
"""Packets at the start within which a picture must decode."""
MAX_MEMORY_BYTES: Final = 3 * 1024**3
MAX_PROCESSOR_S: Final = 120
HEADER_TOLERANCE_S: Final = 0.5
MISSING_SHARE: Final = 0.1
MISSING_S: Final = 2.0
"""A recording that ends this much before its declared end was truncated."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Properties measured from the packets, because headers can be wrong. Sizes are as displayed, rotation applied.

    ``fps`` is the mean rate; ``frames_checked`` says how many pictures were decoded to be sure that they can be.
    """

    duration_s: float
    fps: float
    width: int
    height: int
    has_audio: bool
    video_codec: str
    audio_codec: str | None
    container: str
    frames_checked: int


def probe(path: str | Path, *, max_duration_s: float | None = None) -> MediaInfo:
    """Read every packet and decode the first pictures; raises :class:`MediaError`."""
    with open_recording(path) as container:
        info, declared_s = _read(container)
    if declared_s - info.duration_s > max(MISSING_S, MISSING_SHARE * declared_s):
        raise MediaError("truncated")
    if info.duration_s <= 0:
        raise MediaError("no_frames")  # a single picture without a duration is not a recording
    if max_duration_s is not None and info.duration_s > max_duration_s:
        sentence = SENTENCES["too_long"].format(duration=_spoken(info.duration_s), limit=_spoken(max_duration_s))
        raise MediaError("too_long", sentence)
    return info


def _read(container: InputContainer) -> tuple[MediaInfo, float]:
    """The properties, and the duration that the header declares (0 if it does not)."""
    video = video_stream(container)
    audio = audio_stream(container)
    start_s = clock_start_s(container)
    declared_s = (container.duration or 0) / av.time_base
    frames: list[VideoFrame] = []
    video_packets = audio_packets = 0
    first_s, last_s, end_s = None, 0.0, 0.0
    for packet in container.demux([video] if audio is None else [video, audio]):
        if packet.stream is video and len(frames) < FRAMES_WANTED and video_packets < PACKETS_TRIED:
            frames.extend(_decode(packet))
        at = packet.pts if packet.pts is not None else packet.dts
        if at is None or packet.time_base is None or not packet.size or packet.is_corrupt:
            continue
        at_s = float(at * packet.time_base) - start_s
        end_s = max(end_s, at_s + float((packet.duration or 0) * packet.time_base))
        if packet.stream is video:
            video_packets += 1
            first_s = at_s if first_s is None else min(first_s, at_s)
            last_s = max(last_s, at_s)
        else:
            audio_packets += 1
    if not frames or first_s is None:
        raise MediaError("no_frames")
    turned = frames[0].rotation % 180 == 90
    width, height = frames[0].width, frames[0].height
    info = MediaInfo(
        # Players trust the header; the packets decide where it is missing or wrong.
        duration_s=round(declared_s if abs(declared_s - end_s) < HEADER_TOLERANCE_S else end_s, 3),
        fps=round((video_packets - 1) / (last_s - first_s), 3) if last_s > first_s else 0.0,
        width=height if turned else width,
        height=width if turned else height,
        has_audio=audio_packets > 0,
        video_codec=video.codec_context.name,
        audio_codec=audio.codec_context.name if audio is not None and audio_packets else None,
        container=container.format.name.split(",")[0],
        frames_checked=len(frames),
    )
    return info, declared_s


def _decode(packet: "Packet[Any]") -> list[VideoFrame]:
    try:
        return [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
    except av.error.FFmpegError:
        return []  # one damaged packet; the next key frame may decode


def _spoken(seconds: float) -> str:
    """``3 h 5 min`` or ``4 min 10 s``."""
    minutes, rest_s = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return " ".join(part for part in (f"{minutes} min" * bool(minutes), f"{rest_s} s" * bool(rest_s)) if part) or "0 s"


def limit_resources() -> None:
    """Limits memory and processor time of this process: a file of a few bytes can demand any amount."""
    for kind, limit in ((resource.RLIMIT_AS, MAX_MEMORY_BYTES), (resource.RLIMIT_CPU, MAX_PROCESSOR_S)):
        _, hard = resource.getrlimit(kind)
        with suppress(ValueError):  # macOS has no limit on memory
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m ml.media.probe", description="Look into a recording.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--max-duration-s", type=float)
    options = parser.parse_args(arguments)
    try:
        answer = {"ok": True, **asdict(probe(options.file, max_duration_s=options.max_duration_s))}
    except MediaError as error:
        answer = {"ok": False, "code": error.code, "sentence": error.sentence}
    print(json.dumps(answer))


if __name__ == "__main__":
    limit_resources()
    main(sys.argv[1:])
