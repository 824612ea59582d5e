"""The playable copy of a recording: its packets where browsers play them, else H.264 and AAC."""

import heapq
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from ml.arrays import Float32, Float64
from ml.media.audio import sound_chunks
from ml.media.browsers import copies_to
from ml.media.container import open_recording
from ml.media.conversion import Converter
from ml.media.damage import Damage
from ml.media.downmix import Downmix
from ml.media.errors import MediaError
from ml.media.info import MediaInfo, PictureTrack
from ml.media.packets import CONTAINER_OPTIONS, PacketWriter
from ml.media.pictures import pictures
from ml.media.probe import probe
from ml.media.tracks import AUDIO_RATE_HZ, AudioTrack, VideoTrack, scaled

LONG_SIDE: Final = 1280
"""Longest side of an encoded copy, in pixels."""
LEAST_STEP_S: Final = 1 / 45
"""Pictures that follow each other faster are thinned: 50 and 60 a second become 25 and 30."""
TOLERANCE_S: Final = 0.05
"""Largest difference between the times of a copy and of its original."""

MOST_REORDERED: Final = 32
"""Pictures at the start that may come without a decoding time."""

Tell = Callable[[float], None]


def playable_copy(path: Path, info: MediaInfo, stem: Path, *, tell: Tell, may_copy_packets: bool = True) -> Path:
    """Writes the copy of the chosen tracks to ``stem`` with the ending of its format, and returns its path.

    Second ``s`` of the copy is the recording's second ``s``. ``tell`` is called with the written share, 0..1. Without
    ``may_copy_packets`` everything is encoded, which drops what is damaged. Raises :class:`MediaError`.
    """
    suffix = _suffix(path, info) if may_copy_packets else None
    if suffix is not None:
        copied = stem.with_name(stem.name + suffix)
        try:
            copy_packets(path, info, copied, tell=tell)
            if _is_like(path, info, copied):
                return copied
        except (MediaError, av.error.FFmpegError, ValueError):
            pass  # a container that does not take these packets; encoding does not depend on it
        copied.unlink(missing_ok=True)
    encoded = stem.with_name(stem.name + ".mp4")
    try:
        encode(path, info, encoded, tell=tell)
    except av.error.FFmpegError as error:
        raise MediaError("unreadable") from error
    return encoded


def copy_packets(path: Path, info: MediaInfo, target: Path, *, tell: Tell) -> None:
    """Writes the packets of the chosen tracks, moved by one shift to the recording's clock."""
    (part,) = info.clock
    with (
        open_recording(path) as container,
        av.open(str(target), "w", container_options=CONTAINER_OPTIONS[target.suffix]) as output,
    ):
        indexes = [index for index in (info.video_index, info.audio_index) if index is not None]
        streams = [container.streams[index] for index in indexes]
        writer = PacketWriter(output, streams)
        for packet in _with_decoding_times(container.demux(streams)):
            shift = round(part.shift_s / packet.time_base)
            packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
            at_s = float(packet.pts * packet.time_base)
            writer.write(packet)
            tell(at_s / info.duration_s)


def encode(path: Path, info: MediaInfo, target: Path, *, tell: Tell) -> None:
    """Encodes the chosen tracks as they are read: undamaged, upright, with square pixels, in standard dynamic range."""
    with av.open(str(target), "w", container_options=CONTAINER_OPTIONS[".mp4"]) as output:
        video = VideoTrack(output, scaled((info.width, info.height), LONG_SIDE)) if info.video is not None else None
        is_stereo = info.audio is not None and info.audio.channels == 2
        audio = AudioTrack(output, layout="stereo" if is_stereo else "mono") if info.audio is not None else None
        for at_s, item in heapq.merge(_pictures(path, info), _sounds(path, info), key=lambda timed: timed[0]):
            if isinstance(item, VideoFrame):
                assert video is not None
                video.add(item, at_s)
            else:
                assert audio is not None
                audio.add(item, at_s)
            tell(at_s / info.duration_s)
        if video is not None:
            video.finish(end_s=info.duration_s)
        if audio is not None:
            audio.finish()


def _suffix(path: Path, info: MediaInfo) -> str | None:
    if len(info.clock) > 1 or info.joined:
        return None
    with open_recording(path) as container:
        return copies_to(container, info)


def _with_decoding_times(packets: Iterable[Any]) -> Iterator[Any]:
    """The packets that are shown. Where a container knows presentation times alone, the first pictures may come without
    a decoding time, because later ones are decoded before them: theirs are counted back from the first one known."""
    waiting: list[Any] = []
    for packet in packets:
        if not packet.size or packet.is_discard or packet.pts is None or packet.time_base is None:
            continue
        if packet.stream.type != "video":
            packet.dts = packet.pts
            yield packet
        elif packet.dts is None:
            waiting.append(packet)
            if len(waiting) > MOST_REORDERED:
                raise ValueError("a container without decoding times")
        else:
            for number, earlier in enumerate(waiting):
                earlier.dts = packet.dts - (len(waiting) - number) * max(1, packet.duration or 0)
                yield earlier
            waiting.clear()
            yield packet
    for packet in waiting:
        packet.dts = packet.pts
        yield packet


def _is_like(path: Path, info: MediaInfo, copied: Path) -> bool:
    """Whether browsers play the copy, and show every picture at the same second."""
    made = probe(copied, needs_picture=info.video is not None)
    if made.browser_obstacle or abs(made.duration_s - info.duration_s) > TOLERANCE_S:
        return False
    if (made.audio is None) != (info.audio is None) or (made.video is None) != (info.video is None):
        return False
    if made.audio is not None and info.audio is not None and abs(made.audio.start_s - info.audio.start_s) > TOLERANCE_S:
        return False
    before, after = _shown_s(path, info), _shown_s(copied, made)
    return len(before) == len(after) and bool(np.all(np.abs(before - after) <= TOLERANCE_S))


def _shown_s(path: Path, info: MediaInfo) -> Float64:
    """The seconds of the recording at which its pictures are shown, in order."""
    if info.video is None:
        return np.zeros(0)
    (part,) = info.clock
    with open_recording(path) as container:
        shown = [
            float(packet.pts * packet.time_base) + part.shift_s
            for packet in container.demux(container.streams[info.video.index])
            if packet.size and not packet.is_discard and packet.pts is not None and packet.time_base is not None
        ]
    return np.sort(np.asarray(shown))


def _pictures(path: Path, info: MediaInfo) -> Iterator[tuple[float, Any]]:
    if info.video is None:
        return
    corrected = _corrected(info.video)
    last_s = float("-inf")
    for at_s, frame in pictures(path, info, Damage()):
        if at_s - last_s < LEAST_STEP_S:
            continue
        picture = corrected(frame)
        if last_s < 0 < at_s:
            yield 0.0, picture  # no player shows a gap at the start
        last_s = at_s
        yield at_s, picture


def _corrected(track: PictureTrack) -> Callable[[VideoFrame], VideoFrame]:
    """Upright, with square pixels, in standard dynamic range. Most pictures are so already, and go to the encoder as
    they were decoded, which saves a quarter of the time."""
    if not track.rotation and track.pixel_aspect == (1, 1) and track.transfer == "sdr":
        return lambda frame: frame
    convert = Converter(Fraction(*track.pixel_aspect))
    return lambda frame: VideoFrame.from_ndarray(convert(frame), format="rgb24")


def _sounds(path: Path, info: MediaInfo) -> Iterator[tuple[float, Any]]:
    """The sound in mono or stereo. More channels are mixed as they are for the analysis."""
    downmix = Downmix(AUDIO_RATE_HZ)
    for at_s, channels in sound_chunks(path, info, rate_hz=AUDIO_RATE_HZ):
        samples: Float32 = channels if channels.shape[1] <= 2 else downmix(channels)[:, np.newaxis]
        layout = "mono" if samples.shape[1] == 1 else "stereo"
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout=layout)
        frame.sample_rate = AUDIO_RATE_HZ
        yield at_s, frame
