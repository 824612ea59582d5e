"""RAVDESS as log-mel pictures with the numbers of each window: the inputs of networks that hear both."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion import functionals, pitch, spectrograms
from ml.speech_emotion.conditions import CHANGES
from ml.speech_emotion.dataset import Clips, Floats, Indices, listing
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.log_mel import SILENCE_DB
from ml.speech_emotion.log_mel_functionals import pack
from ml.speech_emotion.spectrograms import CLEAN, LATE, MID_WORD, cut, heard, lay_out, mixed, windows
from ml.training.loop import Batch

CACHE: Final = "functionals.npz"
_NO_TRACK: Final = (pitch.LOWEST_HZ, 0.0, SILENCE_DB)

Pictures = Mapping[str, npt.NDArray[np.float16]]


def load(data: Path, work: Path) -> Clips:
    """All clips of ``data/ravdess`` as inputs (n, 133, 80, 1), and the same under every condition, the window that
    begins late among them; the numbers are computed once and kept in ``work``, as the pictures are.

    Raises :class:`ml.training.errors.TrainingError` when the folder is missing or incomplete.
    """
    clips = spectrograms.load(data, work)
    pictures = {CLEAN: clips.features, **clips.changed}
    cache = work / CACHE
    numbers = _cached(cache, clips.stems)
    if numbers is None:
        numbers = _compute(data, pictures)
        np.savez(cache, stems=np.array(clips.stems), **numbers)  # type: ignore[arg-type]  # numpy's stub mistakes them
    inputs = {name: pack(windows(pictures[name]), numbers[name]) for name in pictures}
    inputs[MID_WORD] = pack(spectrograms.mid_word(clips.features), numbers[MID_WORD])
    plain = inputs.pop(CLEAN)
    return Clips(plain, clips.truth, clips.actors, clips.stems, inputs)


class FunctionalBatches:
    """Shuffled and mixed training batches of inputs, some of them heard under a condition; the same for the same seed
    and epoch."""

    def __init__(
        self,
        clips: Clips,
        chosen: Indices,
        *,
        conditions: Sequence[str],
        changed: float,
        mixing: float,
        smoothing: float,
        batch_size: int,
        seed: int,
    ) -> None:
        """``changed`` is the share of inputs heard under one of ``conditions``; ``mixing`` the parameter of mixup's
        beta distribution; ``smoothing`` the share of the targets that is spread over all classes."""
        self._ways = [clips.features, *(clips.changed[name] for name in conditions)]
        self._chosen = chosen
        hard = np.eye(len(LABELS), dtype=np.float32)[clips.truth[chosen]]
        self._targets = hard * (1 - smoothing) + smoothing / len(LABELS)
        self._changed = changed
        self._mixing = mixing
        self._batch_size = batch_size
        self._seed = seed
        self.steps = len(chosen) // batch_size

    def epoch(self, number: int) -> Iterator[Batch]:
        random = np.random.default_rng([self._seed, number])
        count = len(self._chosen)
        order: npt.NDArray[Any] = random.permutation(count)
        ways = np.where(random.random(count) < self._changed, random.integers(1, len(self._ways), count), 0)
        for step in range(self.steps):
            members = order[step * self._batch_size : (step + 1) * self._batch_size]
            inputs = np.stack([self._ways[ways[i]][self._chosen[i]] for i in members])
            yield *mixed(inputs, self._targets[members], self._mixing, random), None


def _compute(data: Path, pictures: Pictures) -> dict[str, Floats]:
    # The same seed and order as where the pictures were made: the same noise.
    random = np.random.default_rng(0)
    bar = tqdm(listing(data).files, desc="functionals", disable=not sys.stderr.isatty())
    rows = [_of_clip(path, random, pictures, number) for number, path in enumerate(bar)]
    return {name: np.stack([row[name] for row in rows]) for name in rows[0]}


def _of_clip(path: Path, random: np.random.Generator, pictures: Pictures, number: int) -> dict[str, Floats]:
    sounds, first = heard(path, random)
    tracks = {name: lay_out(pitch.track(sound), first, nothing=_NO_TRACK)[np.newaxis] for name, sound in sounds.items()}

    def numbers(name: str, late: int = 0) -> Floats:
        picture = windows(pictures[name][number : number + 1], late=late)[0, ..., 0]
        return functionals.of_window(picture, cut(tracks[name], late=late)[0])

    return {name: numbers(name) for name in sounds} | {MID_WORD: numbers(CLEAN, LATE)}


def _cached(cache: Path, stems: Sequence[str]) -> dict[str, npt.NDArray[Any]] | None:
    if not cache.is_file():
        return None
    with np.load(cache) as arrays:
        wanted = {CLEAN, MID_WORD, *CHANGES}
        if tuple(arrays["stems"]) != tuple(stems) or set(arrays.files) != {"stems", *wanted}:
            return None
        if arrays[CLEAN].shape != (len(stems), functionals.COUNT):
            return None
        return {name: arrays[name] for name in wanted}
