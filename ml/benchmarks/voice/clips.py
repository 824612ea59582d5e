"""The two halves of the speech corpora that benchmarks of voice activity use, split by speaker.

Choices are made on one half (``chosen_on``), results are measured on the other: RAVDESS' actors 1 to 12 and 13 to
24, every second speaker of nEMO, and the splits of ordinary talk.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.arrays import Samples
from ml.speech_emotion.labels import LABELS
from ml.training.datasets import ravdess, speech_corpora
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Listing, read_sound
from ml.training.datasets.speech_corpora import FIRST_SPEAKER, NEMO, TALK, TALK_DEV

CHOSEN_ON_ACTORS: Final = range(1, 13)
CORPORA: Final = ("ravdess", "nemo", "ordinary_talk")


@dataclass(frozen=True, slots=True)
class Clip:
    """``speaker`` is unique over all corpora; ``emotion`` is empty for ordinary talk."""

    corpus: str
    path: Path
    rate_hz: int
    speaker: int
    emotion: str

    def read(self) -> tuple[Samples, int]:
        """Samples (n,) and their rate in Hz; raises :class:`ml.training.errors.TrainingError`."""
        return read_sound(self.path, self.rate_hz), self.rate_hz


def clips(data: Path, corpus: str, *, chosen_on: bool | None = None) -> list[Clip]:
    """The clips of one half of ``data/<corpus>``, or of both; empty when the corpus is not there.

    Raises :class:`ml.training.errors.TrainingError`.
    """
    if not (data / corpus / "labels.csv").is_file():
        return []
    return [
        Clip(
            corpus,
            listing.files[index],
            speech_corpora.RATE_HZ[str(listing.corpora[index])],
            int(listing.speakers[index]),
            LABELS[label] if (label := int(listing.truth[index])) >= 0 else "",
        )
        for listing in _LISTINGS[corpus](data)
        for index in range(len(listing.files))
        if chosen_on is None or _is_chosen_on(listing, index) == chosen_on
    ]


def _is_chosen_on(listing: Listing, index: int) -> bool:
    corpus, speaker = str(listing.corpora[index]), int(listing.speakers[index])
    if corpus == RAVDESS:
        return speaker in CHOSEN_ON_ACTORS
    return (speaker - FIRST_SPEAKER[NEMO]) % 2 == 0 if corpus == NEMO else corpus == TALK


_LISTINGS: Final[Mapping[str, Callable[[Path], list[Listing]]]] = {
    "ravdess": lambda data: [ravdess.listing(data)],
    "nemo": lambda data: [speech_corpora.nemo(data)],
    "ordinary_talk": lambda data: [speech_corpora.ordinary_talk(data, corpus) for corpus in (TALK, TALK_DEV)],
}
