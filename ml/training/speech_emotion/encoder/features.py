"""Hidden states of the trunk for every clip, computed once and cached in the work folder.

The trunk is frozen, so its output for an augmented copy of a clip never changes. ``COPIES`` augmented copies of each
training clip are made, and training draws from them: 2 GB in half precision for all corpora.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

import numpy as np
from tqdm import tqdm

from ml.arrays import Float16, Float32, Int64, Samples
from ml.speech_emotion.features.log_mel import FEATURE_SAMPLES, FRAMES, MELS, log_mel
from ml.training.backend import mixed_bfloat16
from ml.training.datasets import speech_corpora
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Listing
from ml.training.datasets.speech_corpora import NEMO, TALK, TALK_DEV
from ml.training.speech_emotion.encoder import augmentation, corruptions, network, weights

COPIES: Final = {RAVDESS: 16, NEMO: 16, TALK: 24}
TRUNK_LAYERS: Final = 2
BATCH: Final = 128

_SEED: Final = 7

Make = Callable[..., Float16]
"""From the listing and the arguments of a job to a spectrogram (300, 80) in half precision."""


@dataclass(frozen=True)
class States:
    """Hidden states in half precision.

    ``copies`` (copies, clips, 75, 384) are of augmented training clips, by corpus. ``evaluation`` (measured clips, 75,
    384) are of clips as recorded; ``rows`` (clips,) has the row of every clip in it, -1 for one that is not measured.
    ``corrupted`` is (corruptions, RAVDESS clips, 75, 384)."""

    copies: dict[str, Float16]
    evaluation: Float16
    rows: Int64
    corrupted: Float16

    def of(self, indices: Int64) -> Float32:
        """States (n, 75, 384) of clips as recorded."""
        return np.asarray(self.evaluation[self.rows[indices]], np.float32)


def load(clips: Listing, work: Path) -> States:
    """The states of all clips, computed where ``work`` does not hold them."""
    folder = work / "encoder"
    folder.mkdir(parents=True, exist_ok=True)
    measured = np.flatnonzero(np.isin(clips.corpora, (RAVDESS, NEMO, TALK_DEV)))
    rows = np.full(len(clips.files), -1, np.int64)
    rows[measured] = np.arange(len(measured))
    copies = {}
    for number, corpus in enumerate((RAVDESS, NEMO, TALK)):
        indices = clips.of(corpus)
        jobs = [(int(clip), number, copy) for copy in range(COPIES[corpus]) for clip in indices]
        states = _cached(folder / f"{corpus}-copies.npy", clips, _augmented, jobs, full_precision=False)
        copies[corpus] = states.reshape(COPIES[corpus], len(indices), *network.STATES_SHAPE)
    as_recorded = [(int(clip),) for clip in measured]
    corrupted = [(int(clip), name) for name in corruptions.CORRUPTIONS for clip in clips.of(RAVDESS)]
    corrupted_states = _cached(folder / "corruptions.npy", clips, _corrupted, corrupted, full_precision=True)
    return States(
        copies,
        _cached(folder / "evaluation.npy", clips, _as_recorded, as_recorded, full_precision=True),
        rows,
        corrupted_states.reshape(len(corruptions.CORRUPTIONS), -1, *network.STATES_SHAPE),
    )


def window(clips: Listing, clip: int) -> Samples:
    """The window (48000,) of a clip that is evaluated. Of talk that is only measured, its stem names the window."""
    samples = speech_corpora.read(clips, clip)
    if clips.corpora[clip] == TALK_DEV:
        _, _, number = clips.stems[clip].partition("#")
        return augmentation.window_at(samples, int(number or 0) * FEATURE_SAMPLES)
    return augmentation.first_window(samples)


def spectrogram(clips: Listing, clip: int) -> Float32:
    """The spectrogram (300, 80) of that window."""
    return log_mel(window(clips, clip))


def _as_recorded(clips: Listing, clip: int) -> Float16:
    return spectrogram(clips, clip).astype(np.float16)


def _corrupted(clips: Listing, clip: int, name: str) -> Float16:
    random = np.random.default_rng([_SEED + 4, clip])
    samples = speech_corpora.read(clips, clip)
    return log_mel(corruptions.CORRUPTIONS[name](samples, _babble(clips, TALK_DEV), random)).astype(np.float16)


def _augmented(clips: Listing, clip: int, corpus: int, copy: int) -> Float16:
    number = clip - int(clips.of((RAVDESS, NEMO, TALK)[corpus])[0])
    random = np.random.default_rng([_SEED, corpus, number, copy])
    window = augmentation.augment(speech_corpora.read(clips, clip), _babble(clips, TALK), random)
    return augmentation.spec_augment(log_mel(window), random).astype(np.float16)


_babble_clips: dict[str, tuple[Samples, ...]] = {}


def _babble(clips: Listing, corpus: str) -> Sequence[Samples]:
    """Talk of other speakers, for babble noise: read once in a process."""
    if corpus not in _babble_clips:
        files = dict.fromkeys(clips.files[i] for i in clips.of(corpus))
        first = [next(int(i) for i in clips.of(corpus) if clips.files[i] == file) for file in files]
        _babble_clips[corpus] = tuple(speech_corpora.read(clips, i) for i in first)
    return _babble_clips[corpus]


def _cached(
    path: Path, clips: Listing, make: Make, jobs: Sequence[tuple[Any, ...]], *, full_precision: bool
) -> Float16:
    """The states of one kind (jobs, 75, 384): read from ``path``, or computed and written there."""
    if path.is_file():
        states = np.load(path, mmap_mode="r")
        if states.size == len(jobs) * int(np.prod(network.STATES_SHAPE)):
            return np.asarray(states.reshape(len(jobs), *network.STATES_SHAPE))
    part = path.with_suffix(".part.npy")
    states = np.lib.format.open_memmap(part, "w+", np.float16, (len(jobs), *network.STATES_SHAPE))
    bar = tqdm(total=len(jobs), desc=path.stem, disable=not sys.stderr.isatty())
    at = 0
    for batch in _spectrograms(clips, make, jobs):
        states[at : at + len(batch)] = np.asarray(_trunk(full_precision).predict_on_batch(batch), np.float32)
        at += len(batch)
        bar.update(len(batch))
    states.flush()
    part.replace(path)
    return np.asarray(np.load(path, mmap_mode="r"))


def _spectrograms(clips: Listing, make: Make, jobs: Sequence[tuple[Any, ...]]) -> Iterator[Float32]:
    """Batches of spectrograms (n, 300, 80), made by as many processes as there are processors."""
    batch = np.zeros((BATCH, FRAMES, MELS), np.float32)
    # Spawned, not forked: TensorFlow may have started threads in this process.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        filled = 0
        for spectrum in pool.map(partial(_run, make, clips), jobs, chunksize=32):
            batch[filled] = spectrum
            filled += 1
            if filled == BATCH:
                yield batch
                filled = 0
    if filled:
        yield batch[:filled]


def _run(make: Make, clips: Listing, job: tuple[Any, ...]) -> Float16:
    return make(clips, *job)


@cache
def _trunk(full_precision: bool) -> Any:
    pretrained = weights.load()
    if full_precision:
        return network.trunk(pretrained, TRUNK_LAYERS)
    with mixed_bfloat16():
        return network.trunk(pretrained, TRUNK_LAYERS)
