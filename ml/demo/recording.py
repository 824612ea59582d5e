"""The demo recording: a candidate introduces herself, blinks, talks, and looks away once to think.

Its events are constants, so that a report on it can be checked: speech from :data:`SENTENCES`, a blink of
0.26 s at each of :data:`BLINKS_S`, looks aside at :data:`LOOKS_ASIDE`. Questions would be asked in the pauses at 0.5 s
and at 11.2 s. Two runs of the generator write the same file.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import Float32, UInt8
from ml.demo.portrait import Pose, frame
from ml.demo.speech import speak_at
from ml.demo.writer import AUDIO_RATE_HZ, write_recording

DURATION_S: Final = 36.0
SIZE: Final = (640, 480)
FPS: Final = 15.0

SENTENCES: Final = (
    (1.2, "Good morning, and thank you for inviting me."),
    (4.3, "I have worked as a software engineer for seven years, first on maps, and then on medical devices."),
    (15.2, "Well. The hardest one was moving a hospital to a new system in one weekend."),
    (20.5, "We rehearsed it twice, and when the night came, nothing went wrong."),
    (25.6, "I enjoy working in a team, and I like to explain what I do."),
    (30.6, "I am looking forward to your questions."),
)
BLINKS_S: Final = (2.4, 6.1, 9.3, 12.1, 16.4, 19.9, 23.2, 27.0, 30.3, 33.8)
LOOKS_ASIDE: Final = ((12.4, 15.4, 1.0), (24.0, 24.7, -0.9))
"""(from, until, gaze): three seconds to the candidate's left, a short glance to the right."""

_VOICE: Final = "en-us+f3"
_VOICE_LEVEL: Final = 0.45
_ROOM_NOISE: Final = 0.0008
_LID_MOVES_S: Final = 0.08
_LID_SHUT_S: Final = 0.10
_GAZE_MOVES_S: Final = 0.12
_SHUT: Final = -1.0
_WIDEST: Final = 0.6


def write_demo_recording(path: Path) -> None:
    """Write the recording to ``path`` (H.264 and AAC in .mp4); takes a few seconds and no network.

    Raises :class:`ml.demo.speech.SpeechError` if the voice cannot be started, ``OSError`` if the file cannot be
    written.
    """
    sound = _sound()
    write_recording(path, frames=_frames(_mouth(sound)), size=SIZE, fps=FPS, audio=sound)


def pose_at(time_s: float, *, mouth: float = _SHUT) -> Pose:
    """The candidate's pose at a second of the recording, with slow movements of the head. ``mouth`` as in
    :class:`Pose`, shut by default."""
    gaze = sum(value * _between(time_s, start, end, _GAZE_MOVES_S) for start, end, value in LOOKS_ASIDE)
    closed = max(_between(time_s, at, at + 2 * _LID_MOVES_S + _LID_SHUT_S, _LID_MOVES_S) for at in BLINKS_S)
    return Pose(
        x=0.02 * math.sin(0.9 * time_s) + 0.01 * math.sin(2.3 * time_s) + 0.02 * gaze,
        y=0.02 + 0.012 * math.sin(1.3 * time_s) + 0.005 * mouth,
        scale=1.0 + 0.04 * math.sin(0.5 * time_s),
        angle_deg=2.0 * math.sin(0.7 * time_s) + 2.0 * gaze,
        closed=closed,
        gaze=gaze,
        mouth=mouth,
    )


def _frames(openings: Float32) -> Iterator[tuple[float, UInt8]]:
    for number, mouth in enumerate(openings):
        time_s = number / FPS
        yield time_s, frame(pose_at(time_s, mouth=float(mouth)), width=SIZE[0], height=SIZE[1])


def _sound() -> Float32:
    """The voice in a quiet room: mono float32 at the writer's rate."""
    voice = _VOICE_LEVEL * speak_at(SENTENCES, duration_s=DURATION_S, rate_hz=AUDIO_RATE_HZ, voice=_VOICE)
    noise = _ROOM_NOISE * np.random.default_rng(1).standard_normal(voice.size)
    return (voice + noise).astype(np.float32)


def _mouth(sound: Float32) -> Float32:
    """The mouth in each frame, as in :class:`Pose`: shut in silence, opened by the sound's amplitude envelope."""
    per_frame = sound[: round(DURATION_S * FPS) * round(AUDIO_RATE_HZ / FPS)].reshape(-1, round(AUDIO_RATE_HZ / FPS))
    rms = np.sqrt(np.mean(np.square(per_frame), axis=1))
    loudness = np.clip(rms / np.percentile(rms, 97) - 0.1, 0, 1)
    mouth: Float32 = (_SHUT + (_WIDEST - _SHUT) * loudness).astype(np.float32)
    return mouth


def _between(time_s: float, start_s: float, end_s: float, ramp_s: float) -> float:
    """1 inside, 0 outside, with a linear ramp at both ends inside the interval."""
    return min(1.0, max(0.0, min(time_s - start_s, end_s - time_s) / ramp_s))
