"""The course of a voice over a window: how its pitch, its voicing and its level move from frame to frame.

Made of the track of :mod:`ml.speech_emotion.pitch` and, as the log-mel picture, relative to the window's own loud
frames: a louder copy of the same sound gives the same numbers.
"""

from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.pitch import LEVEL_DB, PITCH_HZ, VOICED

COLUMNS: Final = 5
"""Pitch relative to the window's median, pitch, strength of voicing, level, and whether the frame is voiced."""

_VOICED_FROM: Final = 0.6
_SPEECH_RANGE_DB: Final = 30.0
_FLOOR_DB: Final = -45.0
_LOUD: Final = 0.95
_REFERENCE_HZ: Final = 200.0

# What brings the columns to numbers around one.
_RELATIVE_SEMITONES, _SEMITONES, _LEVEL_AT_DB, _LEVEL_DB = 6.0, 12.0, -20.0, 15.0

Floats = npt.NDArray[np.float32]


def of_track(track: Floats) -> Floats:
    """Contours float32 (frames, 5) of a track (frames, 3); finite for any sound, silence too."""
    level = _relative_level(track)
    spoken = _voiced(track, level)
    pitch = semitones(track)
    median = np.median(pitch[spoken]) if spoken.any() else 0.0
    columns = (
        spoken * (pitch - median) / _RELATIVE_SEMITONES,
        spoken * pitch / _SEMITONES,
        track[:, VOICED],
        (np.maximum(level, _FLOOR_DB) - _LEVEL_AT_DB) / _LEVEL_DB,
        spoken,
    )
    return np.stack(columns, axis=1).astype(np.float32)


def voiced(track: Floats) -> npt.NDArray[np.bool_]:
    """In which frames (frames,) of a track a voice sounds."""
    return _voiced(track, _relative_level(track))


def semitones(track: Floats) -> Floats:
    """Pitch (frames,) of a track in semitones above 200 Hz."""
    return np.asarray(12 * np.log2(track[:, PITCH_HZ] / _REFERENCE_HZ), dtype=np.float32)


def upper(values: Floats, share: float) -> float:
    """The value that ``share`` of values (n,) do not exceed."""
    rank = round(share * (len(values) - 1))
    return float(np.partition(values, rank)[rank])


def _relative_level(track: Floats) -> Floats:
    """Level (frames,) of a track in decibels below its own loud frames."""
    level = track[:, LEVEL_DB]
    return np.asarray(level - upper(level, _LOUD), dtype=np.float32)


def _voiced(track: Floats, level: Floats) -> npt.NDArray[np.bool_]:
    return (track[:, VOICED] > _VOICED_FROM) & (level > -_SPEECH_RANGE_DB)
