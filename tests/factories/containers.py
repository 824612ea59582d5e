"""Files of any container, codec, geometry and clock, whose pictures tell their second."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

CLOCK = Fraction(1, 12_800)
SOUND_HZ = 48_000
BAR = 8
"""Width of the white bar, in pixels."""


def make_container(
    path: Path,
    *,
    video: Sequence[str] = ("libx264",),
    audio: Sequence[str] = ("aac",),
    size: tuple[int, int] = (320, 180),
    fps: int = 25,
    duration_s: float = 3.0,
    pixel_format: str = "yuv420p",
    pixel_aspect: Fraction | int = 1,
    start_s: float = 0.0,
    options: dict[str, str] | None = None,
    container_format: str | None = None,
    container_options: dict[str, str] | None = None,
) -> Path:
    """Write a file and return its path. ``video`` and ``audio`` are the encoders of its tracks.

    A white bar wanders from the left edge of the stored picture to the right one: see :func:`second_of`. Later video
    tracks are half as wide. All sound is a tone of 440 Hz.
    """
    with av.open(str(path), "w", format=container_format, container_options=dict(container_options or {})) as output:
        pictures = []
        for number, codec in enumerate(video):
            stream: Any = output.add_stream(codec, rate=fps, options=dict(options or {}))
            stream.width, stream.height = size[0] // (1 if number == 0 else 2) // 2 * 2, size[1]
            stream.pix_fmt = pixel_format
            stream.codec_context.sample_aspect_ratio = Fraction(pixel_aspect)
            if codec != "mpeg4":
                stream.codec_context.time_base = Fraction(1, fps) if codec == "mpeg2video" else CLOCK
            pictures.append(stream)
        sounds = [_sound_stream(output, codec) for codec in audio]
        for number in range(round(duration_s * fps)):
            at_s = number / fps
            for stream in pictures:
                frame = av.VideoFrame.from_ndarray(_picture(at_s, duration_s, stream.width, stream.height), "rgb24")
                frame.time_base = stream.codec_context.time_base or Fraction(1, fps)
                frame.pts = round((start_s + at_s) / frame.time_base)
                output.mux(stream.encode(frame))
            for stream in sounds:
                output.mux(stream.encode(_tone(stream, at_s, 1 / fps, start_s)))
        for stream in (*pictures, *sounds):
            output.mux(stream.encode(None))
    return path


def second_of(picture: np.ndarray, duration_s: float) -> float:
    """The second that a picture (RGB, any size) shows."""
    columns = picture.astype(float).mean(axis=(0, 2))
    bright = np.flatnonzero(columns > columns.max() / 2)
    left = float(bright.mean() + 0.5) / len(columns) - BAR / 640
    return left * duration_s / (1 - BAR / 320)


def _picture(at_s: float, duration_s: float, width: int, height: int) -> np.ndarray:
    image = np.zeros((height, width, 3), np.uint8)
    bar = BAR * width // 320
    left = round(at_s / duration_s * (width - bar))
    image[:, left : left + bar] = 255
    return image


def _sound_stream(output: Any, codec: str) -> Any:
    rate = {"libopencore_amrnb": 8000, "pcm_mulaw": 8000}.get(codec, SOUND_HZ)
    stream = output.add_stream(codec, rate=rate, layout="mono")
    stream.codec_context.time_base = Fraction(1, rate)
    if codec == "libopencore_amrnb":
        stream.bit_rate = 12_200
    return stream


def _tone(stream: Any, at_s: float, length_s: float, start_s: float) -> Any:
    rate = stream.codec_context.sample_rate
    first, last = round(at_s * rate), round((at_s + length_s) * rate)
    samples = 0.3 * np.sin(2 * np.pi * 440 * np.arange(first, last) / rate)
    frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[np.newaxis], format="s16", layout="mono")
    frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
    frame.pts = first + round(start_s * rate)
    return frame
