"""Recordings of every kind a recruiter may upload, written in a fraction of a second.

The face is the public-domain astronaut of ``ml.demo.portrait``, the voice is espeak-ng's of ``ml.demo.speech``.
"""

import math
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from ml.demo.portrait import Pose, frame
from ml.demo.speech import speak
from ml.demo.writer import AUDIO_RATE_HZ, write_recording

Face = Literal["one", "two", "none"]
Audio = Literal["speech", "tone", "noise", "silent"]

SENTENCE = (
    "Thank you for inviting me. I have worked as an engineer for seven years, and I like to build things that last."
)


def make_recording(
    path: Path,
    *,
    duration_s: float = 3.0,
    size: tuple[int, int] = (320, 240),
    fps: float = 10.0,
    face: Face = "one",
    face_gone_s: tuple[float, float] | None = None,
    dark_s: tuple[float, float] | None = None,
    pose: Callable[[float], Pose] | None = None,
    audio: Audio | None = "speech",
    audio_level: float = 1.0,
    vfr: bool = False,
    audio_first: bool = False,
    rotation: Literal[0, 90, 180, 270] = 0,
    declare_duration: bool = True,
) -> Path:
    """Write a recording and return its path; the suffix (.mp4 .mov .mkv .webm .avi) chooses the container.

    - ``size`` is (width, height) as displayed; (240, 320) is a portrait.
    - ``face_gone_s`` hides every face in that stretch; in ``dark_s`` the picture has an eighth of its light, with
      sensor noise; ``pose`` gives the face's pose at each second
      (default: a slow sway with a blink of 0.2 s every 2 s, looking into the camera).
    - ``audio`` speech repeats :data:`SENTENCE`; tone is 440 Hz; noise is a quiet hiss; silent is digital silence; None
      writes no audio track. ``audio_level`` scales it (0.25 is 12 dB less).
    - ``vfr``: irregular frame times around ``fps``, as browser recorders write them, with a hole of 0.8 s.
    - ``audio_first``: the audio stream is listed before the video stream.
    - ``rotation``: the pixels are stored turned and the file tells the player to turn them back clockwise by this
      angle, as telephones do (.mp4 and .mov).
    - ``declare_duration=False``: a stream without a declared duration, as MediaRecorder writes it (.webm and .mkv).
    """
    pose_at = pose or swaying
    stored = size if rotation in (0, 180) else (size[1], size[0])

    def frames() -> Iterator[tuple[float, np.ndarray]]:
        for time_s in _times(duration_s, fps, irregular=vfr):
            gone = face_gone_s is not None and face_gone_s[0] <= time_s < face_gone_s[1]
            image = _picture("none" if gone else face, pose_at(time_s), size, time_s)
            if dark_s is not None and dark_s[0] <= time_s < dark_s[1]:
                noise = np.random.default_rng(round(time_s * 1000)).normal(0, 3, image.shape)
                image = np.clip(image * 0.125 + noise, 0, 255).astype(np.uint8)
            yield time_s, np.ascontiguousarray(np.rot90(image, rotation // 90))

    write_recording(
        path,
        frames=frames(),
        size=stored,
        fps=fps,
        audio=None if audio is None else _sound(audio, duration_s) * np.float32(audio_level),
        audio_first=audio_first,
        container_options=None if declare_duration else {"live": "1"},
    )
    if rotation:
        _declare_rotation(path, rotation)
    return path


def make_truncated(path: Path, *, keep: float = 0.5, duration_s: float = 8.0) -> Path:
    """A recording whose last bytes are missing: an .mp4 loses its index with them, an .mkv plays up to the cut."""
    make_recording(path, duration_s=duration_s)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    return path


def make_audio_only(path: Path, *, duration_s: float = 3.0) -> Path:
    """Sound in an .mp4 without any video stream."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=AUDIO_RATE_HZ, layout="mono")
        sound = av.AudioFrame.from_ndarray(_sound("speech", duration_s)[np.newaxis], format="fltp", layout="mono")
        sound.sample_rate = AUDIO_RATE_HZ
        container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path


def make_text_file(path: Path) -> Path:
    """Text under the name of a recording."""
    path.write_text("This is a letter, not a recording.\n" * 200)
    return path


def make_image_file(path: Path, *, kind: Literal["png", "jpg"] = "png") -> Path:
    """A still picture under the name of a recording."""
    encoded, data = cv2.imencode(f".{kind}", frame(Pose(), width=320, height=240)[:, :, ::-1])
    assert encoded
    path.write_bytes(data.tobytes())
    return path


def make_empty_file(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def swaying(time_s: float) -> Pose:
    """The default pose: the head sways slowly, the eyes blink for 0.2 s every 2 s and look into the camera."""
    return Pose(
        x=0.03 * math.sin(time_s),
        y=0.02 * math.sin(1.7 * time_s),
        scale=1 + 0.03 * math.sin(0.8 * time_s),
        angle_deg=2 * math.sin(0.6 * time_s),
        closed=1.0 if 1.0 <= time_s % 2 < 1.2 else 0.0,
    )


def _picture(face: Face, pose: Pose, size: tuple[int, int], time_s: float) -> np.ndarray:
    width, height = size
    if face == "one":
        return frame(pose, width=width, height=height)
    if face == "two":
        half = width // 2 // 2 * 2
        left = frame(pose, width=half, height=height)
        smaller = Pose(pose.x, pose.y, pose.scale * 0.75, pose.angle_deg, pose.closed, pose.gaze)
        return np.hstack([left, frame(smaller, width=width - half, height=height)[:, ::-1]])
    # A wall with a moving light: something to encode, nothing to detect.
    across = np.linspace(60, 200, width) + 20 * math.sin(time_s)
    down = np.linspace(0, 40, height)[:, np.newaxis]
    return np.repeat((across + down)[:, :, np.newaxis], 3, axis=2).clip(0, 255).astype(np.uint8)


def _times(duration_s: float, fps: float, *, irregular: bool) -> list[float]:
    regular = [number / fps for number in range(round(duration_s * fps))]
    if not irregular:
        return regular
    random = np.random.default_rng(7)
    hole = (duration_s / 2, duration_s / 2 + 0.8)
    jittered = [max(0.0, time_s + float(random.uniform(-0.35, 0.35)) / fps) for time_s in regular]
    return [0.0] + [time_s for time_s in jittered[1:] if not hole[0] <= time_s < hole[1]]


def _sound(audio: Audio, duration_s: float) -> np.ndarray:
    count = round(duration_s * AUDIO_RATE_HZ)
    if audio == "silent":
        return np.zeros(count, np.float32)
    if audio == "tone":
        return (0.3 * np.sin(2 * np.pi * 440 * np.arange(count) / AUDIO_RATE_HZ)).astype(np.float32)
    if audio == "noise":
        return (0.01 * np.random.default_rng(7).standard_normal(count)).astype(np.float32)
    return np.resize(speak(SENTENCE, rate_hz=AUDIO_RATE_HZ), count)


def _declare_rotation(path: Path, angle: int) -> None:
    """Write the display matrix into the video track's header, which PyAV offers no way to do."""
    data = bytearray(path.read_bytes())
    cos, sin = round(math.cos(math.radians(angle))), round(math.sin(math.radians(angle)))
    matrix = struct.pack(">9i", cos << 16, sin << 16, 0, -sin << 16, cos << 16, 0, 0, 0, 1 << 30)
    at = 0
    while (at := data.find(b"tkhd", at)) != -1:
        # Version 0 of the header: 40 bytes from its version field to the matrix, then width and height.
        header = at + 4
        width = struct.unpack(">I", data[header + 76 : header + 80])[0]
        if width:  # an audio track has none
            data[header + 40 : header + 76] = matrix
        at = header
    path.write_bytes(data)
