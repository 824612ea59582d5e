"""Stored frames as the inputs that evaluation and serving read: pictures, contours and numbers in one tensor."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion import contours, front_ends
from ml.speech_emotion.compact import frames
from ml.speech_emotion.compact.frames import CLEAN, LATE, Frames, cut
from ml.speech_emotion.conditions import CHANGES
from ml.speech_emotion.dataset import Clips, Floats, Indices, listing, manner
from ml.speech_emotion.log_mel import MELS, standardise
from ml.speech_emotion.voice_window import NUMBERS, NUMBERS_AND_DESCRIPTORS, numbers_of, pack

CACHE: Final = "numbers.npz"
MID_WORD: Final = "begins 0.4 s late"
"""The condition of a window that begins inside a word; it needs no other sound, only another cut."""


@dataclass(frozen=True)
class Heard:
    """All clips under one condition: frames (n, stored, 83), the rows (n, 30, 80, 1) of numbers and descriptors of
    their windows, and by how many frames these begin late."""

    frames: Frames
    numbers: Floats
    late: int = 0

    def inputs(self, chosen: Indices) -> Floats:
        """Inputs (k, 168, 80, 1) of the chosen clips."""
        cuts = cut(self.frames[chosen], late=self.late)
        return pack(standardise(cuts[..., :MELS]), courses(cuts[..., MELS:]), self.numbers[chosen])

    def number_rows(self, chosen: Indices) -> Floats:
        """The rows (k, 4, 80, 1) of the inputs that hold the numbers."""
        return self.numbers[chosen, : NUMBERS.stop - NUMBERS.start]


@dataclass(frozen=True)
class HeardClips(Clips):
    """Clips whose ``features`` are their :class:`Heard`, and how they were acted (n, 2): see
    :func:`ml.speech_emotion.dataset.manner`."""

    features: Heard
    changed: Mapping[str, Heard]
    manner: Floats


class PreparedWindows:
    """Nothing of their preprocessing is learnt from the clips outside the networks."""

    preprocessing: dict[str, Any] = {"features": front_ends.LOG_MEL_VOICE}

    def __init__(self, clips: HeardClips, train: Indices) -> None:
        self.clips = clips

    def inputs(self, chosen: Indices) -> Floats:
        return self.clips.features.inputs(chosen)

    def changed(self, chosen: Indices) -> dict[str, Floats]:
        return {name: heard.inputs(chosen) for name, heard in self.clips.changed.items()}


def load(data: Path, work: Path) -> HeardClips:
    """All clips of ``data/ravdess`` as recorded and under every condition, the window that begins late among them;
    computed once and kept in ``work``.

    Raises :class:`ml.training.errors.TrainingError` when the folder is missing or incomplete.
    """
    listed = listing(data)
    stored = frames.load(listed, work)
    cache = work / CACHE
    numbers = _cached(cache, listed.stems)
    if numbers is None:
        bar = tqdm((CLEAN, *CHANGES), desc="numbers of windows", disable=not sys.stderr.isatty())
        numbers = {name: _numbers(stored[name]) for name in bar} | {MID_WORD: _numbers(stored[CLEAN], LATE)}
        np.savez(cache, stems=np.array(listed.stems), **numbers)  # type: ignore[arg-type]  # numpy's stub mistakes them
    changed = {name: Heard(stored[name], numbers[name]) for name in CHANGES}
    changed[MID_WORD] = Heard(stored[CLEAN], numbers[MID_WORD], LATE)
    plain = Heard(stored[CLEAN], numbers[CLEAN])
    return HeardClips(plain, listed.truth, listed.actors, listed.stems, changed, manner(listed.stems))


def courses(tracks: Floats) -> Floats:
    """Contours (n, frames, 5) of tracks (n, frames, 3)."""
    return np.stack([contours.of_track(track) for track in tracks])


def _numbers(stored: Frames, late: int = 0) -> Floats:
    cuts = cut(stored, late=late)
    pictures, tracks = standardise(cuts[..., :MELS])[..., 0], cuts[..., MELS:]
    rows = [numbers_of(*window) for window in zip(pictures, tracks, courses(tracks), strict=True)]
    return np.stack(rows)


def _cached(cache: Path, stems: Sequence[str]) -> dict[str, Floats] | None:
    if not cache.is_file():
        return None
    wanted = {CLEAN, MID_WORD, *CHANGES}
    with np.load(cache) as arrays:
        if set(arrays.files) != {"stems", *wanted} or tuple(arrays["stems"]) != tuple(stems):
            return None
        found: dict[str, npt.NDArray[Any]] = {name: arrays[name] for name in wanted}
    rows = NUMBERS_AND_DESCRIPTORS.stop - NUMBERS_AND_DESCRIPTORS.start
    return found if found[CLEAN].shape == (len(stems), rows, MELS, 1) else None
