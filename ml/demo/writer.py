"""Encodes pictures and sound to a recording file with PyAV."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import av
import numpy as np

from ml.arrays import Float32, UInt8

_CODECS: Final = {
    ".mp4": ("libx264", "aac"),
    ".mov": ("libx264", "aac"),
    ".mkv": ("libx264", "aac"),
    ".webm": ("libvpx-vp9", "libopus"),
    ".avi": ("mpeg4", "libmp3lame"),
}
_VIDEO_OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "libx264": {"preset": "veryfast", "crf": "23"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "b": "400k"},
    "mpeg4": {"qscale": "5"},
}
AUDIO_RATE_HZ: Final = 48000
_AUDIO_BLOCK: Final = 1024
_CLOCK: Final = Fraction(1, 12800)  # fine enough for irregular frame times, divisible by usual rates


def write_recording(
    path: Path,
    *,
    frames: Iterable[tuple[float, UInt8]],
    size: tuple[int, int],
    fps: float,
    audio: Float32 | None,
    audio_first: bool = False,
    container_options: Mapping[str, str] | None = None,
) -> None:
    """Encode to ``path``; its suffix (.mp4 .mov .mkv .webm .avi) chooses container and codecs.

    ``frames`` yields (time in seconds, RGB uint8 of shape (height, width, 3)) in rising order, at any spacing (AVI
    alone keeps no times: there ``fps`` rules); ``size`` is (width, height), both even. ``audio`` is float32 at
    :data:`AUDIO_RATE_HZ`, mono (n,) or stereo (n, 2), or None for no audio track. ``audio_first`` lists the
    audio stream before the video.
    """
    video_codec, audio_codec = _CODECS[path.suffix.lower()]
    with av.open(str(path), "w", container_options=dict(container_options or {})) as container:
        sound: Any = None
        if audio is not None and audio_first:
            sound = _add_audio(container, audio_codec, audio)
        video: Any = container.add_stream(video_codec, rate=Fraction(fps).limit_denominator(1000))
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        video.options = dict(_VIDEO_OPTIONS[video_codec])
        keeps_times = path.suffix.lower() != ".avi"
        video.codec_context.time_base = _CLOCK if keeps_times else 1 / Fraction(fps).limit_denominator(1000)
        if audio is not None and sound is None:
            sound = _add_audio(container, audio_codec, audio)

        audio_at = 0
        for number, (time_s, image) in enumerate(frames):
            picture = av.VideoFrame.from_ndarray(image, format="rgb24")
            picture.time_base = video.codec_context.time_base
            picture.pts = round(time_s / _CLOCK) if keeps_times else number
            container.mux(video.encode(picture))
            if sound is not None and audio is not None:
                # Sound up to this picture, so that the file is interleaved as a player expects it.
                audio_at = _encode_audio(container, sound, audio, audio_at, round(time_s * AUDIO_RATE_HZ))
        if sound is not None and audio is not None:
            _encode_audio(container, sound, audio, audio_at, len(audio))
            container.mux(sound.encode(None))
        container.mux(video.encode(None))


def _add_audio(container: Any, codec: str, audio: Float32) -> Any:
    stream = container.add_stream(codec, rate=AUDIO_RATE_HZ)
    stream.layout = _layout(audio)
    return stream


def _encode_audio(container: Any, stream: Any, audio: Float32, start: int, end: int) -> int:
    """Encode whole blocks of ``audio[start:end]`` (the rest too at the track's end); returns where it stopped."""
    while start < end and (start + _AUDIO_BLOCK <= end or end >= len(audio)):
        block = audio[start : start + _AUDIO_BLOCK]
        planes = np.ascontiguousarray(block.reshape(len(block), -1).T, np.float32)
        sound = av.AudioFrame.from_ndarray(planes, format="fltp", layout=_layout(audio))
        sound.sample_rate = AUDIO_RATE_HZ
        sound.time_base = Fraction(1, AUDIO_RATE_HZ)
        sound.pts = start
        container.mux(stream.encode(sound))
        start += len(block)
    return start


def _layout(audio: Float32) -> str:
    return "mono" if audio.ndim == 1 else "stereo"
