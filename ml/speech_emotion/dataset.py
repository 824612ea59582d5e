"""RAVDESS speech, its two protocols of splitting, and its training batches.

RAVDESS (Livingstone and Russo 2018) comes as ``ravdess/Actor_XX/*.flac``, mono at 22,050 Hz, with
``ravdess/labels.csv``. The third field of a file's name is the emotion (01 neutral to 08 surprised), the seventh the
actor.
"""

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.level import FEATURES_PER_DB, gain_db, level_db
from ml.speech_emotion.preprocessing import FRAMES, SAMPLE_RATE, WINDOW_SAMPLES, features, normalise
from ml.training.errors import TrainingError
from ml.training.loop import Batch

STARTS_S: Final = (0.0, 0.15, 0.3, 0.45, 0.6)
"""Where in a clip a window may start in training; evaluation always reads the first."""

SPEAKER_FOLDS: Final = (
    ((2, 5, 14, 15, 16), (3, 6)),
    ((3, 6, 7, 13, 18), (10, 11)),
    ((10, 11, 12, 19, 20), (8, 17)),
    ((8, 17, 21, 23, 24), (1, 14)),
    ((1, 4, 9, 22), (2, 5)),
)
"""Test actors and inner validation actors of the five speaker-independent folds."""

RANDOM_FOLDS: Final = 10

# The same recording under two names: kept on one side of every random split.
_TWINS: Final = ("03-01-03-01-02-01-07", "03-01-03-01-02-02-07")

Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Clips:
    """Features (n, starts, 216) of speakers at their usual level, not standardised; class indices (n,), actor numbers
    (n,), file stems."""

    features: Floats
    truth: Indices
    actors: Indices
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Fold:
    """Indices of the clips to train on, to choose the epoch on, and to test on."""

    train: Indices
    validation: Indices
    test: Indices


def load(data: Path, cache: Path) -> Clips:
    """All clips of ``data/ravdess``; features are computed once and kept in the file ``cache``.

    Raises :class:`TrainingError` when the folder is missing or incomplete.
    """
    listing = data / "ravdess" / "labels.csv"
    if not listing.is_file():
        raise TrainingError(f"{listing} does not exist: --data must name the folder that holds ravdess/.")
    with listing.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows:
        raise TrainingError(f"{listing} lists no clips.")
    try:
        files = [data / row["file"] for row in rows]
        truth = np.array([LABELS.index(row["emotion"]) for row in rows], dtype=np.int64)
        actors = np.array([int(row["actor"]) for row in rows], dtype=np.int64)
    except (KeyError, ValueError) as error:
        raise TrainingError(f"{listing} is not the list of RAVDESS clips that is expected here ({error}).") from error
    stems = tuple(path.stem for path in files)
    known = _cached(cache, stems)
    if known is None:
        bar = tqdm(files, desc="speech features", disable=not sys.stderr.isatty())
        read = [_read_clip(path) for path in bar]
        known = np.stack([frames for frames, _ in read]), np.array([level for _, level in read])
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, features=known[0], levels_db=known[1], stems=np.array(stems))
    return Clips(features=_level(*known, actors), truth=truth, actors=actors, stems=stems)


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
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except (soundfile.LibsndfileError, OSError) as error:
        raise TrainingError(f"{path} cannot be read as sound ({error}).") from error
    if rate != SAMPLE_RATE or samples.ndim != 1:
        raise TrainingError(f"{path} must be mono at {SAMPLE_RATE} Hz.")
    windows = []
    for start_s in STARTS_S:
        window = np.zeros(WINDOW_SAMPLES, dtype=np.float32)
        piece = samples[int(start_s * SAMPLE_RATE) :][:WINDOW_SAMPLES]
        window[: len(piece)] = piece
        windows.append(window)
    return np.stack([features(window) for window in windows]), level_db(windows[0])


def speaker_folds(clips: Clips) -> list[Fold]:
    """The speaker-independent folds: no actor stands on two sides of one."""
    return [
        Fold(
            train=np.flatnonzero(~np.isin(clips.actors, test + validation)),
            validation=np.flatnonzero(np.isin(clips.actors, validation)),
            test=np.flatnonzero(np.isin(clips.actors, test)),
        )
        for test, validation in SPEAKER_FOLDS
    ]


def random_folds(clips: Clips, seed: int) -> list[Fold]:
    """Ten folds over clips, stratified by emotion; validation is the fold after the test fold.

    One actor stands on several sides, as in the paper's own protocol: it flatters.
    """
    random = np.random.default_rng(seed)
    fold_of = np.zeros(len(clips.truth), dtype=np.int64)
    for label in range(len(LABELS)):
        members = random.permutation(np.flatnonzero(clips.truth == label))
        fold_of[members] = np.arange(len(members)) % RANDOM_FOLDS
    if all(twin in clips.stems for twin in _TWINS):
        fold_of[clips.stems.index(_TWINS[1])] = fold_of[clips.stems.index(_TWINS[0])]
    folds = []
    for test in range(RANDOM_FOLDS):
        validation = (test + 1) % RANDOM_FOLDS
        folds.append(
            Fold(
                train=np.flatnonzero(~np.isin(fold_of, (test, validation))),
                validation=np.flatnonzero(fold_of == validation),
                test=np.flatnonzero(fold_of == test),
            )
        )
    return folds


@dataclass(frozen=True)
class Normalisation:
    """Mean and deviation over all frames of the training clips."""

    mean: float
    std: float

    @classmethod
    def of(cls, frames: Floats) -> "Normalisation":
        return cls(mean=float(frames.mean()), std=float(frames.std()))

    def inputs(self, frames: Floats) -> Floats:
        return normalise(frames, mean=self.mean, std=self.std)


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
