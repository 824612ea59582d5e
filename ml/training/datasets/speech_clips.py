"""Clips of speech corpora: how they are listed, read and split, whichever corpus they come from."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.arrays import Int64, Samples
from ml.training.errors import TrainingError


@dataclass(frozen=True)
class Listing:
    """The clips of one or several corpora, without their sound: files, class indices ``truth`` (n,), speaker numbers
    (n,), file stems and the corpus of each (n,). A clip without a label (ordinary talk) has the class index -1. A
    speaker number is unique over all corpora; the speakers of RAVDESS are its actors, 1 to 24."""

    files: tuple[Path, ...]
    truth: Int64
    speakers: Int64
    stems: tuple[str, ...]
    corpora: npt.NDArray[np.str_]

    def of(self, corpus: str) -> Int64:
        """The indices of a corpus' clips."""
        return np.flatnonzero(self.corpora == corpus)


@dataclass(frozen=True)
class Clips(Listing):
    """The clips with the ``features`` of one version, in that version's own form."""

    features: Any = None


@dataclass(frozen=True)
class Fold:
    """Indices of the clips to train on, to choose the epoch on, and to test on."""

    train: Int64
    validation: Int64
    test: Int64


def label_rows(folder: Path) -> list[dict[str, str]]:
    """The rows of a corpus' ``labels.csv``; raises :class:`TrainingError` where there is none."""
    path = folder / "labels.csv"
    if not path.is_file():
        raise TrainingError(f"{path} does not exist: --data must name the folder that holds {folder.name}/.")
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def read_sound(path: Path, rate_hz: int) -> Samples:
    """Samples (n,) of one clip; raises :class:`TrainingError` when it is not mono sound at ``rate_hz``."""
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32")
    except (soundfile.LibsndfileError, OSError) as error:
        raise TrainingError(f"{path} cannot be read as sound ({error}).") from error
    if rate != rate_hz or samples.ndim != 1:
        raise TrainingError(f"{path} must be mono at {rate_hz} Hz.")
    return np.asarray(samples, dtype=np.float32)
