"""RAVDESS as the compact version stores it: frames of every clip, laid out around its first syllable, under every
condition.

Every clip is laid out so that the voice-activity detector of serving puts the beginning of its speech at one frame: a
window of serving and a window of evaluation begin alike.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion import pitch
from ml.speech_emotion.conditions import CHANGES
from ml.speech_emotion.dataset import Floats, Listing, read_sound
from ml.speech_emotion.log_mel import FRAMES, HOP, LEAD_S, MELS, SILENCE_DB, spectrogram
from ml.speech_emotion.preprocessing import SAMPLE_RATE
from ml.speech_emotion.resampling import StreamResampler
from ml.speech_emotion.voice_activity import SAMPLE_RATE as VOICE_RATE
from ml.speech_emotion.voice_activity import VoiceActivity

CACHE: Final = "frames.npz"
CLEAN: Final = "as recorded"

COLUMNS: Final = MELS + pitch.COLUMNS
"""Of a stored frame: mel bands in decibels, then the voice's track."""

NOTHING: Final = (*[SILENCE_DB] * MELS, pitch.LOWEST_HZ, 0.0, SILENCE_DB)
"""A frame in which nothing was recorded."""

JITTER: Final = 10
"""By how many frames a training window may begin earlier or later."""

PACE: Final = 0.15
"""By what a training window's pace varies, as the logarithm of a factor."""

_FRAME_RATE: Final = SAMPLE_RATE / HOP
LATE: Final = round(0.4 * _FRAME_RATE)
"""By how many frames a window begins late that begins inside a word."""

_LEAD: Final = round(LEAD_S * _FRAME_RATE)
_ONSET: Final = _LEAD + JITTER + 1
"""The frame of a stored clip at which speech begins."""

BEGIN: Final = _ONSET - _LEAD
"""The frame of a stored clip at which the window of serving begins."""

STORED: Final = _ONSET + JITTER + round(FRAMES * np.exp(PACE)) + 1 + LATE
_USUAL_ONSET_S: Final = 0.95
"""Where RAVDESS's speech usually begins: for the few clips in which the detector hears none."""

Frames = npt.NDArray[np.float16]


def load(listed: Listing, work: Path) -> dict[str, Frames]:
    """Frames (n, stored, 83) of all clips, as recorded and under every condition; computed once, kept in ``work``."""
    cache = work / CACHE
    known = _cached(cache, listed.stems)
    if known is None:
        random = np.random.default_rng(0)
        bar = tqdm(listed.files, desc="frames of speech", disable=not sys.stderr.isatty())
        rows = [_read_clip(path, random) for path in bar]
        known = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, stems=np.array(listed.stems), **known)  # type: ignore[arg-type]  # numpy's stub mistakes them
    return known


def cut(stored: Frames, *, late: int = 0) -> Floats:
    """The windows (n, 129, 83) of stored frames (n, stored, 83) as serving would cut them; ``late`` frames later."""
    return stored[:, BEGIN + late : BEGIN + late + FRAMES].astype(np.float32)


def _read_clip(path: Path, random: np.random.Generator) -> dict[str, Frames]:
    """The stored frames of a clip as it is and under each condition."""
    samples = read_sound(path)
    sounds = {CLEAN: samples} | {name: change(samples, random) for name, change in CHANGES.items()}
    first = round(_onset_s(samples) * _FRAME_RATE) - _ONSET
    return {name: _lay_out(sound, first) for name, sound in sounds.items()}


def _lay_out(sound: Floats, first: int) -> Frames:
    """As many frames of ``sound`` as are stored, from frame ``first`` on, which may be negative."""
    frames = np.concatenate([spectrogram(sound), pitch.track(sound)], axis=1)
    stored = np.tile(np.array(NOTHING, np.float16), (STORED, 1))
    begin, end = max(0, first), min(len(frames), first + STORED)
    stored[begin - first : end - first] = frames[begin:end]
    return stored


def _onset_s(samples: Floats) -> float:
    voice, resampler = VoiceActivity(), StreamResampler(SAMPLE_RATE, VOICE_RATE)
    voice.feed(resampler.feed(samples))
    voice.feed(resampler.flush())
    spans = voice.finish()
    return spans[0][0] if spans else _USUAL_ONSET_S


def _cached(cache: Path, stems: Sequence[str]) -> dict[str, Frames] | None:
    if not cache.is_file():
        return None
    with np.load(cache) as arrays:
        if not _complete(arrays, stems):
            return None
        return {name: arrays[name] for name in (CLEAN, *CHANGES)}


def _complete(arrays: Mapping[str, npt.NDArray[Any]], stems: Sequence[str]) -> bool:
    if set(arrays) != {"stems", CLEAN, *CHANGES} or tuple(arrays["stems"]) != tuple(stems):
        return False
    return arrays[CLEAN].shape == (len(stems), STORED, COLUMNS)
