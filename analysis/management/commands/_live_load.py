"""What the candidates of a load test send, from a recording."""

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from analysis.live.benchmark.run import Load
from analysis.live.protocol import AUDIO_MS, FRAME_WIDTH
from ml.media.audio import audio_chunks
from ml.media.video import frames
from ml.track_selection import recording_info

JPEG_QUALITY: Final = 75
LONGEST_S: Final = 30.0
"""Length of the part of the video that is sent in a loop."""
RATE_HZ: Final = 48_000


def load_of(video: Path, *, fps: float, seconds: float) -> Load:
    return Load(frames=frames_of(video, fps=fps), chunks=chunks_of(video), rate_hz=RATE_HZ, fps=fps, seconds=seconds)


def frames_of(video: Path, *, fps: float) -> list[bytes]:
    """JPEGs as the candidate's page makes them."""
    info = recording_info(video)
    found = []
    for frame in frames(video, info, fps=fps):
        if frame.start_s > LONGEST_S:
            break
        height = round(frame.rgb.shape[0] * FRAME_WIDTH / frame.rgb.shape[1])
        small = cv2.resize(frame.rgb, (FRAME_WIDTH, height), interpolation=cv2.INTER_AREA)
        picture = cv2.imencode(".jpg", small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
        found.append(picture.tobytes())
    return found


def chunks_of(video: Path) -> list[bytes]:
    """PCM16 as the candidate's page sends it; none where there is no sound."""
    pieces = []
    for start_s, samples in audio_chunks(video, recording_info(video), rate_hz=RATE_HZ):
        if start_s > LONGEST_S:
            break
        pieces.append(samples)
    if not pieces:
        return []
    pcm = (np.clip(np.concatenate(pieces), -1, 1) * 32767).astype("<i2").tobytes()
    step = RATE_HZ * AUDIO_MS // 1000 * 2
    return [pcm[at : at + step] for at in range(0, len(pcm) - step + 1, step)]
