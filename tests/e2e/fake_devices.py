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
CAMERA_FPS = 30  # what Chromium plays such a file at, whatever was meant
RATE_HZ = 48_000


def write_camera(path: Path) -> Path:
    """The candidate for :data:`LENGTH_S` seconds, as JPEG pictures one after another."""
    with path.open("wb") as file:
        for number in range(round(LENGTH_S * FPS)):
            picture = frame(pose_at(number / FPS), width=SIZE[0], height=SIZE[1])
            _, jpeg = cv2.imencode(".jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
            for _ in range(CAMERA_FPS // FPS):
                file.write(jpeg.tobytes())
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
