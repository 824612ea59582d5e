"""RAVDESS as the paper's network reads it: mean MFCC of windows of speakers at their usual level."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion.features.level import FEATURES_PER_DB, gain_db, level_db
from ml.speech_emotion.features.mfcc import COEFFICIENTS, FEATURE_RATE, FRAMES, at_feature_rate, standardised
from ml.speech_emotion.features.window import SAMPLE_RATE, WINDOW_SAMPLES
from ml.training.datasets.ravdess import Clips, Floats, Indices, listing, read_sound
from ml.training.loop import Batch

STARTS_S: Final = (0.0, 0.15, 0.3, 0.45, 0.6)
"""Where in a clip a window may start in training; evaluation always reads the first."""

CACHE: Final = "features.npz"


def load(data: Path, work: Path) -> Clips:
    """All clips of ``data/ravdess``, features (n, starts, 216), not standardised; computed once and kept in ``work``.

    Raises :class:`ml.training.errors.TrainingError` when the folder is missing or incomplete.
    """
    listed = listing(data)
    cache = work / CACHE
    known = _cached(cache, listed.stems)
    if known is None:
        bar = tqdm(listed.files, desc="speech features", disable=not sys.stderr.isatty())
        read = [_read_clip(path) for path in bar]
        known = np.stack([frames for frames, _ in read]), np.array([level for _, level in read])
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, features=known[0], levels_db=known[1], stems=np.array(listed.stems))
    return Clips(**vars(listed), features=_level(*known, listed.actors))


def _level(frames: Floats, levels_db: npt.NDArray[Any], actors: Indices) -> Floats:
    """Every actor at the reference level. A gain only adds to these features, so the audio need not be read again."""
    gains_db = np.zeros(len(actors))
    for actor in np.unique(actors):
        gains_db[actors == actor] = gain_db(levels_db[actors == actor])
    return np.asarray(frames + FEATURES_PER_DB * gains_db[:, np.newaxis, np.newaxis], dtype=np.float32)


def _cached(cache: Path, stems: Sequence[str]) -> tuple[Floats, npt.NDArray[Any]] | None:
    if not cache.is_file():
        return None
    with np.load(cache) as arrays:
        if "levels_db" not in arrays.files or tuple(arrays["stems"]) != tuple(stems):
            return None
        if arrays["features"].shape != (len(stems), len(STARTS_S), FRAMES):
            return None
        return np.asarray(arrays["features"]), np.asarray(arrays["levels_db"])


def _read_clip(path: Path) -> tuple[Floats, float]:
    """Features (starts, 216) of a clip, and its level as it was recorded."""
    samples = read_sound(path)
    windows = []
    for start_s in STARTS_S:
        window = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
        piece = samples[int(start_s * SAMPLE_RATE) :][:WINDOW_SAMPLES]
        window[: len(piece)] = piece
        windows.append(window)
    return np.stack([_librosa_features(window) for window in windows]), level_db(windows[0])


def _librosa_features(window: Floats) -> Floats:
    """What :func:`preprocessing.features` gives, made with librosa as the paper's public reference does."""
    import librosa

    kept = at_feature_rate(window)
    return np.asarray(librosa.feature.mfcc(y=kept, sr=FEATURE_RATE, n_mfcc=COEFFICIENTS).mean(axis=0), dtype=np.float32)


@dataclass(frozen=True)
class Normalisation:
    """Mean and deviation over all frames of the training clips."""

    mean: float
    std: float

    @classmethod
    def of(cls, frames: Floats) -> "Normalisation":
        return cls(mean=float(frames.mean()), std=float(frames.std()))

    def inputs(self, frames: Floats) -> Floats:
        return standardised(frames, mean=self.mean, std=self.std)


class SpeechBatches:
    """Shuffled training batches, each clip read from a random start; the same for the same seed and epoch."""

    def __init__(
        self, clips: Clips, chosen: Indices, normalisation: Normalisation, *, batch_size: int, seed: int
    ) -> None:
        self._inputs = normalisation.inputs(clips.features[chosen])
        self._truth = clips.truth[chosen]
        self._batch_size = batch_size
        self._seed = seed
        self.steps = -(-len(chosen) // batch_size)

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        order: npt.NDArray[Any] = random.permutation(len(self._truth))
        starts = random.integers(len(STARTS_S), size=len(order))
        for first in range(0, len(order), self._batch_size):
            chosen = order[first : first + self._batch_size]
            yield self._inputs[chosen, starts[chosen]], self._truth[chosen], None
