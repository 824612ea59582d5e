"""RAVDESS speech and its two protocols of splitting.

RAVDESS (Livingstone and Russo 2018) comes as ``ravdess/Actor_XX/*.flac``, mono at 22,050 Hz, with
``ravdess/labels.csv``. The third field of a file's name is the emotion (01 neutral to 08 surprised), the seventh the
actor.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.speech_emotion.labels import LABELS
from ml.training.errors import TrainingError

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


RAVDESS: Final = "ravdess"


@dataclass(frozen=True)
class Listing:
    """The clips of one or several corpora, without their sound: files, class indices (n,), speaker numbers (n,), file
    stems and the corpus of each (n,). A clip without a label (ordinary talk) has the class index -1. The speakers of
    RAVDESS are its actors, 1 to 24."""

    files: tuple[Path, ...]
    truth: Indices
    actors: Indices
    stems: tuple[str, ...]
    corpora: npt.NDArray[np.str_]

    def of(self, corpus: str) -> Indices:
        """The indices of a corpus' clips."""
        return np.flatnonzero(self.corpora == corpus)


@dataclass(frozen=True)
class Clips(Listing):
    """The clips as one version reads them: ``features`` are the version's own."""

    features: Any = None


@dataclass(frozen=True)
class Fold:
    """Indices of the clips to train on, to choose the epoch on, and to test on."""

    train: Indices
    validation: Indices
    test: Indices


def listing(data: Path) -> Listing:
    """The clips of ``data/ravdess``; raises :class:`TrainingError` when the folder is missing or incomplete."""
    path = data / "ravdess" / "labels.csv"
    if not path.is_file():
        raise TrainingError(f"{path} does not exist: --data must name the folder that holds ravdess/.")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows:
        raise TrainingError(f"{path} lists no clips.")
    try:
        files = tuple(data / row["file"] for row in rows)
        truth = np.array([LABELS.index(row["emotion"]) for row in rows], dtype=np.int64)
        actors = np.array([int(row["actor"]) for row in rows], dtype=np.int64)
    except (KeyError, ValueError) as error:
        raise TrainingError(f"{path} is not the list of RAVDESS clips that is expected here ({error}).") from error
    stems = tuple(file.stem for file in files)
    return Listing(files, truth, actors, stems, np.full(len(files), RAVDESS))


def read_sound(path: Path, rate_hz: int = SAMPLE_RATE) -> Floats:
    """Samples (n,) of one clip; raises :class:`TrainingError` when it is not mono sound at ``rate_hz``."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except (soundfile.LibsndfileError, OSError) as error:
        raise TrainingError(f"{path} cannot be read as sound ({error}).") from error
    if rate != rate_hz or samples.ndim != 1:
        raise TrainingError(f"{path} must be mono at {rate_hz} Hz.")
    return np.asarray(samples, dtype=np.float32)


def speaker_folds(clips: Listing) -> list[Fold]:
    """The speaker-independent folds: no actor stands on two sides of one."""
    return [
        Fold(
            train=np.flatnonzero(~np.isin(clips.actors, test + validation)),
            validation=np.flatnonzero(np.isin(clips.actors, validation)),
            test=np.flatnonzero(np.isin(clips.actors, test)),
        )
        for test, validation in SPEAKER_FOLDS
    ]


def random_folds(clips: Listing, seed: int) -> list[Fold]:
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
