"""The speech corpora that the encoder is trained on and that benchmarks measure with.

RAVDESS (Livingstone and Russo 2018; eight emotions, English), nEMO (Christop 2024; six emotions, Polish) and ordinary
talk (LibriSpeech, Panayotov et al. 2015; read aloud, no acted emotion, no label). The list of all has one after the
other. The talk of speakers who are only measured comes last, in windows of three seconds.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import Int64, Samples
from ml.speech_emotion.features.log_mel import FEATURE_RATE
from ml.speech_emotion.labels import LABELS
from ml.training.datasets import ravdess
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Fold, Listing, label_rows, read_sound
from ml.training.errors import TrainingError
from ml.voice.dsp import resampled

NEMO: Final = "nemo"
TALK: Final = "ordinary_talk-train"
TALK_DEV: Final = "ordinary_talk-dev"
TRAINING_CORPORA: Final = (RAVDESS, NEMO, TALK)

RATE_HZ: Final = {RAVDESS: ravdess.RATE_HZ, NEMO: 16_000, TALK: 16_000, TALK_DEV: 16_000}

NEMO_LABELS: Final = {
    "neutral": "neutral",
    "happiness": "happy",
    "sadness": "sad",
    "anger": "angry",
    "fear": "fearful",
    "surprised": "surprised",
}
"""nEMO's names of its six emotions to ours."""

NO_LABEL: Final = -1

NEMO_FOLDS: Final = (("SM0", "EB0"), ("WR0", "IC0"), ("KD0", "KS0"), ("MK0", "MP0"), ("TP0",))
"""Test speakers of nEMO in the five speaker-independent folds."""

TALK_WINDOWS: Final = 2
"""So many windows of each clip of :data:`TALK_DEV` are measured, one after the other."""

FIRST_SPEAKER: Final = {NEMO: 100, TALK: 1_000, TALK_DEV: 2_000}
"""Speaker numbers of a corpus begin here, in the order of the speakers' names."""


def listing(data: Path) -> Listing:
    """All clips; raises :class:`TrainingError` where a corpus is missing or incomplete."""
    parts = [ravdess.listing(data), nemo(data), ordinary_talk(data, TALK), measured_talk(data)]
    return Listing(
        files=tuple(file for part in parts for file in part.files),
        truth=np.concatenate([part.truth for part in parts]),
        speakers=np.concatenate([part.speakers for part in parts]),
        stems=tuple(stem for part in parts for stem in part.stems),
        corpora=np.concatenate([part.corpora for part in parts]),
    )


def nemo(data: Path) -> Listing:
    """The clips of ``data/nemo``; raises :class:`TrainingError`."""
    folder = data / "nemo"
    return _listing(folder, NEMO, label_rows(folder), lambda row: LABELS.index(NEMO_LABELS[row["emotion"]]))


def ordinary_talk(data: Path, corpus: str) -> Listing:
    """The clips of one part of ``data/ordinary_talk``, :data:`TALK` or :data:`TALK_DEV`; raises
    :class:`TrainingError`."""
    folder = data / "ordinary_talk"
    _, split = corpus.split("-")
    rows = label_rows(folder)
    if rows and "split" not in rows[0]:
        raise _unexpected(folder, KeyError("split"))
    return _listing(folder, corpus, [row for row in rows if row["split"] == split], lambda row: NO_LABEL)


def measured_talk(data: Path) -> Listing:
    """The windows of :data:`TALK_DEV`: its clips :data:`TALK_WINDOWS` times, with ``#`` and the number of the window
    behind the stem of every window but the first."""
    clips = ordinary_talk(data, TALK_DEV)
    marks = ("", *(f"#{number}" for number in range(1, TALK_WINDOWS)))
    return Listing(
        files=tuple(file for file in clips.files for _ in marks),
        truth=np.repeat(clips.truth, TALK_WINDOWS),
        speakers=np.repeat(clips.speakers, TALK_WINDOWS),
        stems=tuple(stem + mark for stem in clips.stems for mark in marks),
        corpora=np.repeat(clips.corpora, TALK_WINDOWS),
    )


def read(clips: Listing, index: int) -> Samples:
    """One clip at 16 kHz; raises :class:`TrainingError` when it cannot be read."""
    rate_hz = RATE_HZ[str(clips.corpora[index])]
    return resampled(read_sound(clips.files[index], rate_hz), rate_hz, FEATURE_RATE)


def speaker_folds(clips: Listing, seed: int) -> list[Fold]:
    """The five speaker-independent folds of RAVDESS. Each also tests some speakers of nEMO and a fifth of the talk that
    is only measured."""
    dev = clips.of(TALK_DEV)
    return [
        Fold(
            train=np.concatenate([fold.train, _nemo_without(clips, speakers), clips.of(TALK)]),
            validation=fold.validation,
            test=np.concatenate([fold.test, _nemo_of(clips, speakers), dev[number :: len(NEMO_FOLDS)]]),
        )
        for number, (fold, speakers) in enumerate(
            zip(ravdess.speaker_folds(_first_corpus(clips, RAVDESS)), NEMO_FOLDS, strict=True)
        )
    ]


def ravdess_only_folds(clips: Listing, seed: int) -> list[Fold]:
    """The same folds with the training clips of RAVDESS alone, to measure what the other corpora cost."""
    return [
        Fold(fold.train[clips.corpora[fold.train] == RAVDESS], fold.validation, fold.test)
        for fold in speaker_folds(clips, seed)
    ]


def random_folds(clips: Listing, seed: int) -> list[Fold]:
    """Ten random folds over the clips of RAVDESS; the other corpora are in every training set. Nothing is chosen on
    validation clips, so they are trained on, too."""
    others = np.concatenate([clips.of(NEMO), clips.of(TALK)])
    nothing = np.zeros(0, np.int64)
    return [
        Fold(np.concatenate([fold.train, fold.validation, others]), nothing, fold.test)
        for fold in ravdess.random_folds(_first_corpus(clips, RAVDESS), seed)
    ]


def corpus_folds(clips: Listing, seed: int) -> list[Fold]:
    """Leave one corpus out: trained without nEMO and measured on it, then without RAVDESS and measured on it."""
    nothing = np.zeros(0, np.int64)
    return [
        Fold(
            np.concatenate([clips.of(trained), clips.of(TALK)]),
            nothing,
            np.concatenate([clips.of(left_out), clips.of(TALK_DEV)]),
        )
        for trained, left_out in ((RAVDESS, NEMO), (NEMO, RAVDESS))
    ]


def _first_corpus(clips: Listing, corpus: str) -> Listing:
    """The corpus that comes first in the list, alone: its indices stay the same."""
    count = len(clips.of(corpus))
    return Listing(
        clips.files[:count], clips.truth[:count], clips.speakers[:count], clips.stems[:count], clips.corpora[:count]
    )


def _nemo_of(clips: Listing, speakers: tuple[str, ...]) -> Int64:
    return np.array([i for i in clips.of(NEMO) if clips.stems[i].split("_")[0] in speakers], np.int64)


def _nemo_without(clips: Listing, speakers: tuple[str, ...]) -> Int64:
    return np.array([i for i in clips.of(NEMO) if clips.stems[i].split("_")[0] not in speakers], np.int64)


def _listing(folder: Path, corpus: str, rows: list[dict[str, str]], label: Callable[[dict[str, str]], int]) -> Listing:
    if not rows:
        raise TrainingError(f"{folder / 'labels.csv'} lists no clips of {corpus}.")
    try:
        names = {name: number for number, name in enumerate(sorted({row["speaker"] for row in rows}))}
        files = tuple(folder / row["file"] for row in rows)
        truth = np.array([label(row) for row in rows], np.int64)
        speakers = np.array([FIRST_SPEAKER[corpus] + names[row["speaker"]] for row in rows], np.int64)
    except KeyError as error:
        raise _unexpected(folder, error) from error
    return Listing(files, truth, speakers, tuple(file.stem for file in files), np.full(len(files), corpus))


def _unexpected(folder: Path, error: KeyError) -> TrainingError:
    return TrainingError(f"{folder / 'labels.csv'} is not the list of clips that is expected here ({error}).")
