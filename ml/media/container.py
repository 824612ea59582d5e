"""Opens recordings safely, and finds their streams."""

import mmap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import av
import av.error
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from ml.confinement.budgets import LARGEST_PIXELS
from ml.media.boxes import boxes
from ml.media.ebml import EBML
from ml.media.errors import MediaError
from ml.media.joined import open_joined
from ml.media.parts import Part

VIDEO_FORMATS: Final = {"mov", "matroska", "avi"}
# Recognised only to name the mistake. Everything else, playlists that open other files among it, stays closed.
AUDIO_FORMATS: Final = {"mp3", "wav", "flac", "ogg", "aac", "aiff"}
IMAGE_FORMATS: Final = {
    "image2",
    "gif",
    "apng",
    "png_pipe",
    "jpeg_pipe",
    "bmp_pipe",
    "webp_pipe",
    "tiff_pipe",
    "svg_pipe",
}
IMAGE_BRANDS: Final = {"heic", "heix", "mif1", "msf1", "avif", "avis"}
OPTIONS: Final = {
    "format_whitelist": ",".join(
        ["mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", *sorted({"avi"} | AUDIO_FORMATS | IMAGE_FORMATS)]
    ),
    "protocol_whitelist": "file",
    "max_pixels": str(LARGEST_PIXELS),
    "max_streams": "64",
    "threads": "1",
}
"""Limits for the whole file, and for the decoders that FFmpeg opens to find out what is in it: a header of a few bytes
can declare gigabytes."""
INDEX_BYTES: Final = 64 * 1024
"""More than the index of a recording of hours."""


@contextmanager
def open_recording(path: str | Path, joined: Sequence[Part] = ()) -> Iterator[InputContainer]:
    """The opened container, known to be one that may hold a video; raises :class:`MediaError`. Of a file of ``joined``
    recordings (:attr:`ml.media.info.MediaInfo.joined`) it is all of them, one after the other.

    Any error that FFmpeg raises while the container is in use comes out as ``MediaError`` as well.
    """
    path = Path(path)
    head = _head(path)
    try:
        with _opened(path, joined) as container:
            if not joined:
                _refuse_other_kinds(container)
            yield container
    except av.error.MemoryError as error:
        raise MediaError("too_heavy") from error
    except av.error.FFmpegError as error:
        raise MediaError(_why_unreadable(path, head)) from error


def video_streams(container: InputContainer) -> list[VideoStream]:
    """The streams of pictures that a decoder exists for, without those that are marked as a cover.

    Raises :class:`MediaError` where there are such streams, but no decoder, or where all are larger than
    :data:`ml.confinement.budgets.LARGEST_PIXELS`.
    """
    moving = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    found = [stream for stream in moving if _has_decoder(stream)]
    if moving and not found:
        raise MediaError("no_frames")
    small = [stream for stream in found if stream.width * stream.height <= LARGEST_PIXELS]
    if found and not small:
        raise MediaError("too_large")
    for stream in small:
        stream.codec_context.options = {"max_pixels": str(LARGEST_PIXELS)}
    return small


def audio_streams(container: InputContainer) -> list[AudioStream]:
    """The streams of sound that a decoder exists for."""
    return [stream for stream in container.streams.audio if _has_decoder(stream)]


def left_unread(path: Path, end_byte: int) -> str:
    """What lies in a file behind the last packet, which ends at ``end_byte``.

    ``recording``: another recording, which FFmpeg does not read. ``data``: in a Matroska file, more than an index
    takes. Empty: neither.
    """
    if any(kind == b"ftyp" and start >= end_byte > 0 for kind, start, _ in boxes(path)):
        return "recording"
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content[:4] != EBML:
            return ""
        if content.find(EBML, end_byte) != -1:
            return "recording"
        return "data" if len(content) - end_byte > INDEX_BYTES else ""


def _opened(path: Path, joined: Sequence[Part]) -> InputContainer:
    if joined:
        return open_joined(path, joined, dict(OPTIONS))
    return av.open(str(path), options=dict(OPTIONS), metadata_errors="ignore")


def _has_decoder(stream: Stream) -> bool:
    # PyAV leaves the context away for codecs it does not know, whatever its types say.
    return getattr(stream, "codec_context", None) is not None


def _refuse_other_kinds(container: InputContainer) -> None:
    kinds = set(container.format.name.split(","))
    if kinds & IMAGE_FORMATS or container.metadata.get("major_brand", "").strip() in IMAGE_BRANDS:
        raise MediaError("image")
    if kinds & AUDIO_FORMATS:
        raise MediaError("audio_only")
    if not kinds & VIDEO_FORMATS:
        raise MediaError("not_media")


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            head = file.read(64)
    except OSError as error:
        raise MediaError("unreadable", "The file of this recording cannot be opened.") from error
    if not head:
        raise MediaError("empty")
    return head


def _why_unreadable(path: Path, head: bytes) -> str:
    """Error code for a file that FFmpeg rejects, by the signature in its first bytes."""
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free"):
        return "unreadable" if _has_index(path) else "truncated"
    if head.startswith(EBML) or (head.startswith(b"RIFF") and head[8:12] == b"AVI "):
        return "unreadable"
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")) or head[8:12] == b"WEBP":
        return "image"
    return "not_media"


def _has_index(path: Path) -> bool:
    """Whether an MP4 file's ``moov`` box is there and whole; most recorders write it last, so a cut loses it."""
    size = path.stat().st_size
    return any(kind == b"moov" and end <= size for kind, _, end in boxes(path))
