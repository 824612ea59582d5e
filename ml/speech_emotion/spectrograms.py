"""RAVDESS as the compact network reads it: log-mel pictures, laid out around the first syllable of each clip.

Every picture is cut so that the voice-activity detector of serving puts the beginning of the speech at one frame: a
window of serving and a window of evaluation begin alike.
"""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion.conditions import CHANGES
from ml.speech_emotion.dataset import Clips, Floats, Indices, listing, read_sound
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.log_mel import FRAMES, HOP, LEAD_S, MELS, SILENCE_DB, spectrogram, standardise
from ml.speech_emotion.preprocessing import SAMPLE_RATE
from ml.speech_emotion.resampling import StreamResampler
from ml.speech_emotion.voice_activity import SAMPLE_RATE as VOICE_RATE
from ml.speech_emotion.voice_activity import VoiceActivity
from ml.training.loop import Batch

CACHE: Final = "spectrograms.npz"
CLEAN: Final = "as recorded"
MID_WORD: Final = "begins 0.4 s late"
"""The condition of a window that begins inside a word; it needs no other sound, only another cut."""

_FRAME_RATE: Final = SAMPLE_RATE / HOP
_LEAD: Final = round(LEAD_S * _FRAME_RATE)
LATE: Final = round(0.4 * _FRAME_RATE)
"""By how many frames it begins late."""

_JITTER: Final = 10
_TEMPO: Final = 0.15
_LONGEST: Final = round(FRAMES * np.exp(_TEMPO)) + 1
ONSET: Final = _LEAD + _JITTER + 1
"""The frame of a stored picture at which speech begins."""

STORED: Final = ONSET + _JITTER + _LONGEST + LATE
_USUAL_ONSET_S: Final = 0.95
"""Where RAVDESS's speech usually begins: for the few clips in which the detector hears none."""

Picture = npt.NDArray[np.float32]


def load(data: Path, work: Path) -> Clips:
    """All clips of ``data/ravdess``: pictures float16 (n, stored frames, 80) in decibels, and the same under every
    condition; computed once and kept in ``work``.

    Raises :class:`ml.training.errors.TrainingError` when the folder is missing or incomplete.
    """
    listed = listing(data)
    cache = work / CACHE
    known = _cached(cache, listed.stems)
    if known is None:
        random = np.random.default_rng(0)
        bar = tqdm(listed.files, desc="spectrograms", disable=not sys.stderr.isatty())
        rows = [_read_clip(path, random) for path in bar]
        known = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, stems=np.array(listed.stems), **known)  # type: ignore[arg-type]  # numpy's stub mistakes them
    clean = known.pop(CLEAN)
    return Clips(clean, listed.truth, listed.actors, listed.stems, known)


def cut(stored: npt.NDArray[Any], *, late: int = 0) -> npt.NDArray[Any]:
    """The window (n, 129, k) of stored frames (n, stored frames, k) as serving would cut it; ``late`` frames later."""
    first = ONSET - _LEAD + late
    return stored[:, first : first + FRAMES]


def windows(pictures: npt.NDArray[np.float16], *, late: int = 0) -> Floats:
    """The network's inputs (n, 129, 80, 1) from stored pictures, as serving would cut them; ``late`` frames later."""
    return standardise(cut(pictures, late=late).astype(np.float32))


def mid_word(pictures: npt.NDArray[np.float16]) -> Floats:
    """The inputs of windows that begin inside a word."""
    return windows(pictures, late=LATE)


@dataclass(frozen=True)
class Variation:
    """How training pictures differ from the stored ones. Frames and bands, or decibels where that is said."""

    pitch: float = 0.08
    shift: float = 2.0
    tilt_db: float = 4.0
    noisy: float = 0.4
    masks: int = 2
    widest_band: int = 12
    longest_mask: int = 15
    mixing: float = 0.2
    smoothing: float = 0.1


class SpectrogramBatches:
    """Shuffled, varied and mixed training batches; the same for the same seed and epoch."""

    def __init__(
        self, clips: Clips, chosen: Indices, *, batch_size: int, seed: int, variation: Variation = Variation()
    ) -> None:
        self._pictures = clips.features[chosen]
        self._targets = np.eye(len(LABELS), dtype=np.float32)[clips.truth[chosen]]
        self._batch_size = batch_size
        self._seed = seed
        self._variation = variation
        self.steps = len(chosen) // batch_size

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order: npt.NDArray[Any] = random.permutation(len(self._targets))
        v = self._variation
        for step in range(self.steps):
            chosen = order[step * self._batch_size : (step + 1) * self._batch_size]
            inputs = standardise(np.stack([vary(self._pictures[i], v, random) for i in chosen]))
            for picture in inputs:
                _mask(picture[..., 0], v, random)
            targets = self._targets[chosen] * (1 - v.smoothing) + v.smoothing / len(LABELS)
            yield *mixed(inputs, targets, v.mixing, random), None


def mixed(inputs: Floats, targets: Floats, mixing: float, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Every example of a batch with another one's share in it (mixup, Zhang et al. 2018); ``mixing`` is the parameter
    of the beta distribution that the share is drawn from."""
    share, partner = np.float32(random.beta(mixing, mixing)), random.permutation(len(inputs))
    return share * inputs + (1 - share) * inputs[partner], share * targets + (1 - share) * targets[partner]


def vary(stored: npt.NDArray[np.float16], variation: Variation, random: np.random.Generator) -> Picture:
    """A window (129, 80) in decibels of a stored picture, as another voice, pace, microphone and room might have it."""
    pace = float(np.exp(random.uniform(-_TEMPO, _TEMPO)))
    first = ONSET - _LEAD + int(random.integers(-_JITTER, _JITTER + 1))
    picture = stored[first : first + round(FRAMES * pace)].astype(np.float32)
    picture = cv2.resize(picture, (MELS, FRAMES), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    stretch = float(np.exp(random.uniform(-variation.pitch, variation.pitch)))
    matrix = np.array([[stretch, 0, random.uniform(-variation.shift, variation.shift)], [0, 1, 0]], np.float32)
    picture = cv2.warpAffine(
        picture, matrix, (MELS, FRAMES), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.float32)
    bands = np.arange(MELS)
    tilt = np.linspace(-1, 1, MELS) * random.uniform(-variation.tilt_db, variation.tilt_db)
    ripples = np.interp(bands, np.linspace(0, MELS - 1, 6), random.normal(0, variation.tilt_db / 3, 6))
    picture += (tilt + ripples).astype(np.float32)
    if random.random() < variation.noisy:
        loud = float(np.percentile(picture.max(axis=1), 90))
        colour = np.interp(bands, np.linspace(0, MELS - 1, 5), random.normal(0, 4, 5))
        noise = loud - random.uniform(15, 45) + colour + random.normal(0, 2, picture.shape)
        picture = np.asarray(10 * np.log10(10 ** (picture / 10) + 10 ** (noise / 10)), dtype=np.float32)
    return picture


def _mask(picture: Picture, variation: Variation, random: np.random.Generator) -> None:
    """Hide some bands and some moments (SpecAugment, Park et al. 2019)."""
    for _ in range(variation.masks):
        width, length = random.integers(variation.widest_band), random.integers(variation.longest_mask)
        band, moment = random.integers(MELS - width), random.integers(FRAMES - length)
        picture[:, band : band + width] = 0
        picture[moment : moment + length] = 0


def _cached(cache: Path, stems: Sequence[str]) -> dict[str, npt.NDArray[Any]] | None:
    if not cache.is_file():
        return None
    with np.load(cache) as arrays:
        if tuple(arrays["stems"]) != tuple(stems) or set(arrays.files) != {"stems", CLEAN, *CHANGES}:
            return None
        if arrays[CLEAN].shape != (len(stems), STORED, MELS):
            return None
        return {name: arrays[name] for name in arrays.files if name != "stems"}


def heard(path: Path, random: np.random.Generator) -> tuple[dict[str, Floats], int]:
    """The sound of a clip as it is and under each condition, and the frame, which may be negative, at which what is
    stored of it begins."""
    samples = read_sound(path)
    sounds = {CLEAN: samples} | {name: change(samples, random) for name, change in CHANGES.items()}
    return sounds, round(_onset_s(samples) * _FRAME_RATE) - ONSET


def lay_out(frames: Floats, first: int, *, nothing: npt.ArrayLike = SILENCE_DB) -> Floats:
    """``frames`` (n, k) from ``first`` on, as many as are stored; ``nothing`` where nothing was recorded."""
    stored = np.empty((STORED, frames.shape[1]), np.float32)
    stored[:] = nothing
    begin, end = max(0, first), min(len(frames), first + STORED)
    stored[begin - first : end - first] = frames[begin:end]
    return stored


def _read_clip(path: Path, random: np.random.Generator) -> dict[str, npt.NDArray[np.float16]]:
    """The stored picture of a clip as it is and under each condition."""
    sounds, first = heard(path, random)
    return {name: lay_out(spectrogram(sound), first).astype(np.float16) for name, sound in sounds.items()}


def _onset_s(samples: Floats) -> float:
    voice, resampler = VoiceActivity(), StreamResampler(SAMPLE_RATE, VOICE_RATE)
    voice.feed(resampler.feed(samples))
    voice.feed(resampler.flush())
    spans = voice.finish()
    return spans[0][0] if spans else _USUAL_ONSET_S
