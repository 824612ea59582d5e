"""Clips of the corpora that the benchmarks of voice activity read, in two halves by speaker.

What is chosen is chosen on one half, what is reported is measured on the other: RAVDESS' actors 1 to 12 and 13 to 24,
every second speaker of nEMO, and the splits of ordinary talk.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ml.training.errors import TrainingError

Samples = NDArray[np.float32]

CHOSEN_ACTORS: Final = range(1, 13)
CORPORA: Final = ("ravdess", "nemo", "ordinary_talk")


@dataclass(frozen=True, slots=True)
class ClipFile:
    """``speaker`` is unique over all corpora; ``emotion`` is empty for ordinary talk."""

    corpus: str
    path: Path
    speaker: str
    emotion: str
    chosen_on: bool

    def read(self) -> tuple[Samples, int]:
        """Samples float32 (n,) and their rate in Hz; raises :class:`TrainingError`."""
        import soundfile

        try:
            samples, rate_hz = soundfile.read(self.path, dtype="float32")
        except (soundfile.LibsndfileError, OSError) as error:
            raise TrainingError(f"{self.path} cannot be read as sound ({error}).") from error
        return samples, rate_hz


def listed(data: Path, corpus: str) -> list[ClipFile]:
    """All clips of ``data/<corpus>``; empty when the corpus is not there."""
    path = data / corpus / "labels.csv"
    if not path.is_file():
        return []
    with path.open(newline="") as stream:
        return list(_LISTS[corpus](data, list(csv.DictReader(stream))))


def _ravdess(data: Path, rows: list[Mapping[str, str]]) -> Iterator[ClipFile]:
    for row in rows:
        actor = int(row["actor"])
        yield ClipFile("ravdess", data / row["file"], f"ravdess {actor}", row["emotion"], actor in CHOSEN_ACTORS)


def _nemo(data: Path, rows: list[Mapping[str, str]]) -> Iterator[ClipFile]:
    chosen = sorted({row["speaker"] for row in rows})[::2]
    for row in rows:
        speaker = row["speaker"]
        yield ClipFile("nemo", data / "nemo" / row["file"], f"nemo {speaker}", row["emotion"], speaker in chosen)


def _talk(data: Path, rows: list[Mapping[str, str]]) -> Iterator[ClipFile]:
    for row in rows:
        path = data / "ordinary_talk" / row["file"]
        yield ClipFile("ordinary_talk", path, f"talk {row['speaker']}", "", row["split"] == "train")


_LISTS: Final[Mapping[str, Callable[[Path, list[Mapping[str, str]]], Iterator[ClipFile]]]] = {
    "ravdess": _ravdess,
    "nemo": _nemo,
    "ordinary_talk": _talk,
}
