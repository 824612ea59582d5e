"""Inputs of the paper's network from RAVDESS: mean MFCC of windows, every speaker at one usual level."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from tqdm import tqdm

from ml.arrays import Float32, Float64, Int64
from ml.speech_emotion.features.level import FEATURES_PER_DB, gain_db, level_db
from ml.speech_emotion.features.mfcc import COEFFICIENTS, FEATURE_RATE, FRAMES, at_feature_rate, standardised
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.training.datasets import ravdess
from ml.training.datasets.speech_clips import Clips, read_sound
from ml.training.loop import Batch

STARTS_S: Final = (0.0, 0.15, 0.3, 0.45, 0.6)
"""A training window starts at one of these seconds of its clip; evaluation always takes the first."""

CACHE_FILE: Final = "features.npz"


def load(data: Path, work: Path) -> Clips:
    """All clips of ``data/ravdess``, features (n, starts, 216), not standardised; computed once and kept in ``work``.

    Raises :class:`ml.training.errors.TrainingError` when the folder is missing or incomplete.
    """
    listed = ravdess.listing(data)
    cache = work / CACHE_FILE
    cached = _cached(cache, listed.stems)
    if cached is None:
        bar = tqdm(listed.files, desc="speech features", disable=not sys.stderr.isatty())
        read = [_read_clip(path) for path in bar]
        cached = np.stack([frames for frames, _ in read]), np.array([level for _, level in read])
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, features=cached[0], levels_db=cached[1], stems=np.array(listed.stems))
    return Clips(**vars(listed), features=_at_reference_level(*cached, listed.speakers))


def _at_reference_level(frames: Float32, levels_db: Float64, speakers: Int64) -> Float32:
    """The features with every speaker at the reference level. A gain only adds to them, so the sound is not needed."""
    gains_db = np.zeros(len(speakers))
    for speaker in np.unique(speakers):
        gains_db[speakers == speaker] = gain_db(levels_db[speakers == speaker])
    return np.asarray(frames + FEATURES_PER_DB * gains_db[:, np.newaxis, np.newaxis], dtype=np.float32)


def _cached(cache: Path, stems: Sequence[str]) -> tuple[Float32, Float64] | None:
    if not cache.is_file():
        return None
    with np.load(cache) as arrays:
        if "levels_db" not in arrays.files or tuple(arrays["stems"]) != tuple(stems):
            return None
        if arrays["features"].shape != (len(stems), len(STARTS_S), FRAMES):
            return None
        return np.asarray(arrays["features"]), np.asarray(arrays["levels_db"])


def _read_clip(path: Path) -> tuple[Float32, float]:
    """Features (starts, 216) of a clip, and its level as recorded."""
    samples = read_sound(path, ravdess.RATE_HZ)
    windows = []
    for start_s in STARTS_S:
        window = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
        piece = samples[int(start_s * SAMPLE_RATE) :][:WINDOW_SAMPLES]
        window[: len(piece)] = piece
        windows.append(window)
    return np.stack([_librosa_features(window) for window in windows]), level_db(windows[0])


def _librosa_features(window: Float32) -> Float32:
    """As :func:`ml.speech_emotion.features.mfcc.features`, with librosa as in the paper's public reference."""
    import librosa

    kept = at_feature_rate(window)
    return np.asarray(librosa.feature.mfcc(y=kept, sr=FEATURE_RATE, n_mfcc=COEFFICIENTS).mean(axis=0), dtype=np.float32)


@dataclass(frozen=True)
class Standardisation:
    """Mean and deviation over all frames of the training clips."""

    mean: float
    std: float

    @classmethod
    def of(cls, frames: Float32) -> "Standardisation":
        return cls(mean=float(frames.mean()), std=float(frames.std()))

    def inputs(self, frames: Float32) -> Float32:
        return standardised(frames, mean=self.mean, std=self.std)


class MfccBatches:
    """Shuffled training batches, each clip read from a random start; the same for the same seed and epoch."""

    def __init__(
        self, clips: Clips, indices: Int64, standardisation: Standardisation, *, batch_size: int, seed: int
    ) -> None:
        self._inputs = standardisation.inputs(clips.features[indices])
        self._truth = clips.truth[indices]
        self._batch_size = batch_size
        self._seed = seed
        self.steps = -(-len(indices) // batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order = random.permutation(len(self._truth))
        starts = random.integers(len(STARTS_S), size=len(order))
        for first in range(0, len(order), self._batch_size):
            rows = order[first : first + self._batch_size]
            yield self._inputs[rows, starts[rows]], self._truth[rows], None
