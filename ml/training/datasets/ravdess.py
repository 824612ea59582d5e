"""RAVDESS speech and its two protocols of splitting.

RAVDESS (Livingstone and Russo 2018) comes as ``ravdess/Actor_XX/*.flac``, mono at 22,050 Hz, with
``ravdess/labels.csv``. The third field of a file's name is the emotion (01 neutral to 08 surprised), the seventh the
actor.
"""

from pathlib import Path
from typing import Final

import numpy as np

from ml.speech_emotion.labels import LABELS
from ml.training.datasets.speech_clips import Fold, Listing, label_rows
from ml.training.errors import TrainingError

RAVDESS: Final = "ravdess"
RATE_HZ: Final = 22_050

SPEAKER_FOLDS: Final = (
    ((2, 5, 14, 15, 16), (3, 6)),
    ((3, 6, 7, 13, 18), (10, 11)),
    ((10, 11, 12, 19, 20), (8, 17)),
    ((8, 17, 21, 23, 24), (1, 14)),
    ((1, 4, 9, 22), (2, 5)),
)
"""Test actors and inner validation actors of the five speaker-independent folds."""

RANDOM_FOLDS: Final = 10

# One recording under two names: kept on one side of every random split.
_DUPLICATES: Final = ("03-01-03-01-02-01-07", "03-01-03-01-02-02-07")


def listing(data: Path) -> Listing:
    """The clips of ``data/ravdess``; raises :class:`TrainingError` when the folder is missing or incomplete."""
    folder = data / RAVDESS
    rows = label_rows(folder)
    if not rows:
        raise TrainingError(f"{folder / 'labels.csv'} lists no clips.")
    try:
        files = tuple(data / row["file"] for row in rows)
        truth = np.array([LABELS.index(row["emotion"]) for row in rows], dtype=np.int64)
        actors = np.array([int(row["actor"]) for row in rows], dtype=np.int64)
    except (KeyError, ValueError) as error:
        raise TrainingError(
            f"{folder / 'labels.csv'} is not the list of RAVDESS clips that is expected here ({error})."
        ) from error
    stems = tuple(file.stem for file in files)
    return Listing(files, truth, actors, stems, np.full(len(files), RAVDESS))


def speaker_folds(clips: Listing) -> list[Fold]:
    """The speaker-independent folds: no actor is on two sides of one."""
    return [
        Fold(
            train=np.flatnonzero(~np.isin(clips.speakers, test + validation)),
            validation=np.flatnonzero(np.isin(clips.speakers, validation)),
            test=np.flatnonzero(np.isin(clips.speakers, test)),
        )
        for test, validation in SPEAKER_FOLDS
    ]


def random_folds(clips: Listing, seed: int) -> list[Fold]:
    """Ten folds over clips, stratified by emotion; validation is the fold after the test fold.

    Every actor is on several sides, as in the paper's own protocol, so the results are too good.
    """
    random = np.random.default_rng(seed)
    fold_of = np.zeros(len(clips.truth), dtype=np.int64)
    for label in range(len(LABELS)):
        shuffled = random.permutation(np.flatnonzero(clips.truth == label))
        fold_of[shuffled] = np.arange(len(shuffled)) % RANDOM_FOLDS
    if all(stem in clips.stems for stem in _DUPLICATES):
        fold_of[clips.stems.index(_DUPLICATES[1])] = fold_of[clips.stems.index(_DUPLICATES[0])]
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
