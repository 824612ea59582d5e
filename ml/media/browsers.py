"""Which recordings browsers play as they are, at the seconds that are read."""

from pathlib import Path
from typing import Final

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.video.stream import VideoStream

from ml.media.info import MediaInfo

VIDEO_CODECS: Final = {".mp4": {"h264", "vp9", "av1"}, ".webm": {"vp8", "vp9", "av1"}}
AUDIO_CODECS: Final = {".mp4": {"aac", "mp3", "opus", "flac"}, ".webm": {"opus", "vorbis"}}
PIXEL_FORMATS: Final = {"yuv420p", "yuvj420p"}
H264_PROFILES: Final = {None, "Baseline", "Constrained Baseline", "Main", "High"}
KINDS: Final = {"mov": "3gp", "matroska": "mkv", "avi": "avi"}
TELEPHONE_BRANDS: Final = "3g"
CLOCK_TOLERANCE_S: Final = 0.05
"""A start of the file's clock this close to 0 is 0."""
TOP_BOXES: Final = 64
"""Boxes of an mp4 file that are looked at for its first fragment."""
SEVERAL: Final = "It consists of several recordings, each with a clock of its own."
NAMES: Final = {
    "hevc": "HEVC",
    "h264": "H.264",
    "mpeg4": "MPEG-4 part 2",
    "mpeg2video": "MPEG-2",
    "mjpeg": "Motion JPEG",
}


def browser_obstacle(container: InputContainer, info: MediaInfo) -> str:
    """Why browsers do not play this file, or not at the right seconds: one sentence, empty if they do.

    ``info`` may be without ``browser_obstacle``. Players take the first track of each kind, keep the container's clock,
    and know 8 bit 4:2:0 alone.
    """
    suffix = _suffix(container)
    if suffix is None:
        return f"Browsers do not play {KINDS.get(info.container, 'these')} files."
    return (
        _picture_obstacle(container, info, VIDEO_CODECS[suffix])
        or _sound_obstacle(container, info, AUDIO_CODECS[suffix])
        or _clock_obstacle(container, info)
    )


def copies_to(container: InputContainer, info: MediaInfo) -> str | None:
    """The suffix of the container in which browsers play these very packets; None where they have to be encoded."""
    for suffix in (".webm", ".mp4"):
        if not _picture_obstacle(container, info, VIDEO_CODECS[suffix], is_alone=True) and not _sound_obstacle(
            container, info, AUDIO_CODECS[suffix], is_alone=True
        ):
            return suffix
    return None


def _picture_obstacle(container: InputContainer, info: MediaInfo, codecs: set[str], *, is_alone: bool = False) -> str:
    """``is_alone``: whatever other tracks there are."""
    video = info.video
    if video is None:
        return ""
    stream = container.streams[video.index]
    assert isinstance(stream, VideoStream)
    context = stream.codec_context
    codec = _codec_of(stream)
    if codec not in codecs:
        return f"Most browsers do not show its picture ({NAMES.get(codec, codec)})."
    if context.pix_fmt not in PIXEL_FORMATS or (codec == "h264" and context.profile not in H264_PROFILES):
        bits = context.format.components[0].bits if context.format is not None else 8
        depth = f"{bits} bit" if bits > 8 else str(context.pix_fmt)
        return f"Most browsers do not show its picture ({NAMES.get(codec, codec)}, {depth})."
    if video.transfer != "sdr":
        return "Its picture is HDR."
    if video.interlaced:
        return "Its picture is interlaced."
    if video.pixel_aspect != (1, 1):
        return "Its pixels are not square."
    if is_alone:
        return "Its picture is turned." if video.rotation else ""
    moving = [track for track in info.video_tracks if track.is_moving]
    if len(moving) > 1 or info.video_tracks[0].index != video.index:
        return "It has several video tracks, of which browsers play the first."
    return ""


def _sound_obstacle(container: InputContainer, info: MediaInfo, codecs: set[str], *, is_alone: bool = False) -> str:
    audio = info.audio
    if audio is None:
        return ""
    stream = container.streams[audio.index]
    assert isinstance(stream, AudioStream)
    codec = _codec_of(stream)
    if codec not in codecs:
        return f"Most browsers do not play its sound ({NAMES.get(codec, codec)})."
    if len(info.audio_tracks) > 1 and not is_alone:
        return "It has several audio tracks, of which browsers play the first."
    return ""


def _clock_obstacle(container: InputContainer, info: MediaInfo) -> str:
    if len(info.clock) > 1:
        return SEVERAL
    if abs(info.container_start_s) > CLOCK_TOLERANCE_S:
        return "Its clock does not start at 0."
    if not container.duration or _is_fragmented(container):
        return "It has no index, so that browsers cannot seek in it."
    return ""


def _suffix(container: InputContainer) -> str | None:
    """``".mp4"`` or ``".webm"``, where browsers play this kind of container."""
    kind = container.format.name.split(",")[0]
    if kind == "mov" and not container.metadata.get("major_brand", "").startswith(TELEPHONE_BRANDS):
        return ".mp4"
    if kind == "matroska":
        with Path(container.name).open("rb") as file:
            return ".webm" if b"webm" in file.read(64) else None  # the document's type, in its first element
    return None


def _codec_of(stream: VideoStream | AudioStream) -> str:
    """The standard's name, whichever decoder reads it."""
    return str(stream.codec_context.codec.canonical_name)


def _is_fragmented(container: InputContainer) -> bool:
    """Whether an mp4 file consists of fragments, as a browser's recorder writes it."""
    if container.format.name.split(",")[0] != "mov":
        return False
    with Path(container.name).open("rb") as file:
        position = 0
        for _ in range(TOP_BOXES):
            file.seek(position)
            header = file.read(16)
            if len(header) < 8 or header[4:8] == b"mdat":
                return False
            if header[4:8] == b"moof":
                return True
            length = int.from_bytes(header[:4], "big")
            length = int.from_bytes(header[8:16], "big") if length == 1 else length
            if length < 8:
                return False
            position += length
    return False
