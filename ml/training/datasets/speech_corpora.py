"""The speech corpora that the encoder is trained on and measured with.

RAVDESS (Livingstone and Russo 2018; eight emotions, English), nEMO (Christop 2024; six emotions, Polish) and ordinary
talk (LibriSpeech, Panayotov et al. 2015; read aloud, no acted emotion, no label). They are listed one after the other;
talk of the speakers who are only measured comes last and is measured in windows of three seconds.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.speech_emotion.features.log_mel import FEATURE_RATE
from ml.speech_emotion.features.window import SAMPLE_RATE
from ml.speech_emotion.labels import LABELS
from ml.training.datasets import ravdess as dataset
from ml.training.datasets.ravdess import RAVDESS, Fold, Indices, Listing
from ml.training.errors import TrainingError
from ml.voice.dsp import resampled

NEMO: Final = "nemo"
TALK: Final = "ordinary_talk-train"
TALK_DEV: Final = "ordinary_talk-dev"
TRAINED: Final = (RAVDESS, NEMO, TALK)

NEMO_LABELS: Final = {
    "neutral": "neutral",
    "happiness": "happy",
    "sadness": "sad",
    "anger": "angry",
    "fear": "fearful",
    "surprised": "surprised",
}
"""nEMO's six emotions in our words."""

NO_LABEL: Final = -1

NEMO_FOLDS: Final = (("SM0", "EB0"), ("WR0", "IC0"), ("KD0", "KS0"), ("MK0", "MP0"), ("TP0",))
"""Test speakers of nEMO in the five speaker-independent folds."""

TALK_WINDOWS: Final = 2
"""Of each clip of :data:`TALK_DEV`, one after the other."""

_FIRST_SPEAKER: Final = {NEMO: 100, TALK: 1_000, TALK_DEV: 2_000}

Floats = npt.NDArray[np.float32]


def listing(data: Path) -> Listing:
    """All clips; raises :class:`TrainingError` where a corpus is missing or incomplete."""
    ravdess = dataset.listing(data)
    others = [
        _listed(data / "nemo", NEMO, lambda row: LABELS.index(NEMO_LABELS[row["emotion"]])),
        _listed(data / "ordinary_talk", TALK, lambda row: NO_LABEL, split="train"),
        _listed(data / "ordinary_talk", TALK_DEV, lambda row: NO_LABEL, split="dev", times=TALK_WINDOWS),
    ]
    parts = [ravdess, *others]
    return Listing(
        files=tuple(file for part in parts for file in part.files),
        truth=np.concatenate([part.truth for part in parts]),
        actors=np.concatenate([part.actors for part in parts]),
        stems=tuple(stem for part in parts for stem in part.stems),
        corpora=np.concatenate([part.corpora for part in parts]),
    )


def read(listed: Listing, index: int) -> Floats:
    """One clip at 16 kHz; raises :class:`TrainingError` when it cannot be read."""
    rate = SAMPLE_RATE if listed.corpora[index] == RAVDESS else FEATURE_RATE
    return resampled(dataset.read_sound(listed.files[index], rate), rate, FEATURE_RATE)


def speaker_folds(clips: Listing, seed: int) -> list[Fold]:
    """The five speaker-independent folds of RAVDESS, in each some speakers of nEMO, and a fifth of the talk that is
    only measured, in the test set."""
    dev = clips.of(TALK_DEV)
    return [
        Fold(
            train=np.concatenate([fold.train, _without(clips, speakers), clips.of(TALK)]),
            validation=fold.validation,
            test=np.concatenate([fold.test, _with(clips, speakers), dev[number :: len(NEMO_FOLDS)]]),
        )
        for number, (fold, speakers) in enumerate(zip(_ravdess_folds(clips), NEMO_FOLDS, strict=True))
    ]


def ravdess_only_folds(clips: Listing, seed: int) -> list[Fold]:
    """The same folds with the training clips of RAVDESS alone, for comparison: what the other corpora cost."""
    return [
        Fold(fold.train[clips.corpora[fold.train] == RAVDESS], fold.validation, fold.test)
        for fold in speaker_folds(clips, seed)
    ]


def random_folds(clips: Listing, seed: int) -> list[Fold]:
    """Ten random folds over the clips of RAVDESS; the other corpora are in every training set. Nothing is chosen on a
    validation fold, so its clips are trained on."""
    others = np.concatenate([clips.of(NEMO), clips.of(TALK)])
    nobody = np.zeros(0, np.int64)
    return [
        Fold(np.concatenate([fold.train, fold.validation, others]), nobody, fold.test)
        for fold in dataset.random_folds(_only(clips, RAVDESS), seed)
    ]


def corpus_folds(clips: Listing, seed: int) -> list[Fold]:
    """Leave one corpus out: trained without nEMO and measured on it, then without RAVDESS and measured on it."""
    nobody = np.zeros(0, np.int64)
    return [
        Fold(
            np.concatenate([clips.of(known), clips.of(TALK)]),
            nobody,
            np.concatenate([clips.of(unknown), clips.of(TALK_DEV)]),
        )
        for known, unknown in ((RAVDESS, NEMO), (NEMO, RAVDESS))
    ]


def _ravdess_folds(clips: Listing) -> list[Fold]:
    return dataset.speaker_folds(_only(clips, RAVDESS))


def _only(clips: Listing, corpus: str) -> Listing:
    """A corpus that comes first in the list, alone: its indices stay what they are."""
    count = len(clips.of(corpus))
    return Listing(
        clips.files[:count], clips.truth[:count], clips.actors[:count], clips.stems[:count], clips.corpora[:count]
    )


def _with(clips: Listing, speakers: tuple[str, ...]) -> Indices:
    return np.array([i for i in clips.of(NEMO) if clips.stems[i].split("_")[0] in speakers], np.int64)


def _without(clips: Listing, speakers: tuple[str, ...]) -> Indices:
    return np.array([i for i in clips.of(NEMO) if clips.stems[i].split("_")[0] not in speakers], np.int64)


def _listed(
    folder: Path, name: str, label: Callable[[dict[str, str]], int], *, split: str | None = None, times: int = 1
) -> Listing:
    path = folder / "labels.csv"
    if not path.is_file():
        raise TrainingError(f"{path} does not exist: --data must name the folder that holds {folder.name}/.")
    with path.open(newline="") as stream:
        listed_rows = list(csv.DictReader(stream))
    try:
        rows = [row for row in listed_rows if split is None or row["split"] == split]
        speakers = {speaker: number for number, speaker in enumerate(sorted({row["speaker"] for row in rows}))}
        listed = [
            (
                folder / row["file"],
                label(row),
                _FIRST_SPEAKER[name] + speakers[row["speaker"]],
                f"{Path(row['file']).stem}{mark}",
            )
            for row in rows
            for mark in ("", *(f"#{n}" for n in range(1, times)))
        ]
    except KeyError as error:
        raise TrainingError(f"{path} is not the list of clips that is expected here ({error}).") from error
    if not listed:
        raise TrainingError(f"{path} lists no clips of {name}.")
    files, truth, actors, stems = zip(*listed, strict=True)
    return Listing(files, np.array(truth, np.int64), np.array(actors, np.int64), stems, np.full(len(files), name))
