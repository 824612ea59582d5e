"""A camera and a microphone for Chromium: the demo recording's face and voice, as files that it plays in a loop."""

import wave
from pathlib import Path

import cv2
import numpy as np

from ml.demo.portrait import frame
from ml.demo.recording import SENTENCES, pose_at
from ml.demo.speech import speak_at

LENGTH_S = 8.0
SIZE = (640, 480)
FPS = 10
RATE_HZ = 48_000


def write_camera(path: Path) -> Path:
    """The candidate for :data:`LENGTH_S` seconds, as YUV4MPEG2: the format whose frame rate Chromium respects."""
    width, height = SIZE
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(round(LENGTH_S * FPS)):
            picture = frame(pose_at(number / FPS), width=width, height=height)
            file.write(b"FRAME\n" + cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path


def write_microphone(path: Path) -> Path:
    """The candidate's first sentences, 16-bit mono."""
    spoken = [(at_s, text) for at_s, text in SENTENCES if at_s < LENGTH_S - 2]
    sound = 0.45 * speak_at(spoken, duration_s=LENGTH_S, rate_hz=RATE_HZ, voice="en-us+f3")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def arguments(camera: Path, microphone: Path) -> list[str]:
    """How Chromium is told to use them, without asking, and to connect two of its own pages."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--allow-loopback-in-peer-connection",
        "--autoplay-policy=no-user-gesture-required",
    ]
