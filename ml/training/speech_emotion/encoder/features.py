"""Hidden states of the trunk for every clip, computed once and kept in the work folder.

The trunk is frozen, so its output for an augmented copy of a clip never changes: ``COPIES`` copies of each training
clip are made, each augmented anew, and training draws from them. 2 GB in half precision for all corpora.
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
import numpy.typing as npt
from tqdm import tqdm

from ml.speech_emotion.features.log_mel import FEATURE_SAMPLES, FRAMES, MELS, log_mel
from ml.training.backend import mixed_bfloat16
from ml.training.datasets import speech_corpora
from ml.training.datasets.ravdess import RAVDESS, Listing
from ml.training.datasets.speech_corpora import NEMO, TALK, TALK_DEV
from ml.training.speech_emotion.encoder import augmentation, corruptions, network, weights

COPIES: Final = {RAVDESS: 16, NEMO: 16, TALK: 24}
TRUNK_LAYERS: Final = 2
BATCH: Final = 128

_SEED: Final = 7

Half = npt.NDArray[np.float16]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class States:
    """Hidden states in half precision: ``copies`` by corpus (copies, clips, 75, 384), of augmented training clips;
    ``evaluation`` (clips, 75, 384) of all listed clips that are measured, as they are, by :attr:`rows`;
    ``corrupted`` (corruptions, RAVDESS clips, 75, 384)."""

    copies: dict[str, Half]
    evaluation: Half
    rows: npt.NDArray[np.int64]
    corrupted: Half

    def of(self, chosen: npt.NDArray[np.int64]) -> Floats:
        """States (n, 75, 384) of clips as they are."""
        return np.asarray(self.evaluation[self.rows[chosen]], np.float32)


def load(listed: Listing, work: Path) -> States:
    """The states of all clips, computed where ``work`` does not hold them."""
    folder = work / "encoder"
    folder.mkdir(parents=True, exist_ok=True)
    measured = np.flatnonzero(np.isin(listed.corpora, (RAVDESS, NEMO, TALK_DEV)))
    rows = np.full(len(listed.files), -1, np.int64)
    rows[measured] = np.arange(len(measured))
    copies = {}
    for number, corpus in enumerate((RAVDESS, NEMO, TALK)):
        clips = listed.of(corpus)
        jobs = [(int(clip), number, copy) for copy in range(COPIES[corpus]) for clip in clips]
        states = _kept(folder / f"{corpus}-copies.npy", listed, _augmented, jobs, exact=False)
        copies[corpus] = states.reshape(COPIES[corpus], len(clips), *network.STATES_SHAPE)
    plain = [(int(clip),) for clip in measured]
    corrupted = [(int(clip), name) for name in corruptions.CORRUPTIONS for clip in listed.of(RAVDESS)]
    noisy = _kept(folder / "corruptions.npy", listed, _corrupted, corrupted, exact=True)
    return States(
        copies,
        _kept(folder / "evaluation.npy", listed, _plain, plain, exact=True),
        rows,
        noisy.reshape(len(corruptions.CORRUPTIONS), -1, *network.STATES_SHAPE),
    )


def window(listed: Listing, clip: int) -> Floats:
    """The window (48000,) of a clip that evaluation reads: for talk that is only measured the one in its stem."""
    samples = speech_corpora.read(listed, clip)
    if listed.corpora[clip] == TALK_DEV:
        _, _, number = listed.stems[clip].partition("#")
        return augmentation.window_at(samples, int(number or 0) * FEATURE_SAMPLES)
    return augmentation.first_window(samples)


def spectrogram(listed: Listing, clip: int) -> Floats:
    """The spectrogram (300, 80) of that window."""
    return log_mel(window(listed, clip))


def _plain(listed: Listing, clip: int) -> Half:
    return spectrogram(listed, clip).astype(np.float16)


def _corrupted(listed: Listing, clip: int, name: str) -> Half:
    random = np.random.default_rng([_SEED + 4, clip])
    samples = speech_corpora.read(listed, clip)
    return log_mel(corruptions.CORRUPTIONS[name](samples, _babble(listed, TALK_DEV), random)).astype(np.float16)


def _augmented(listed: Listing, clip: int, corpus: int, copy: int) -> Half:
    number = clip - int(listed.of((RAVDESS, NEMO, TALK)[corpus])[0])
    random = np.random.default_rng([_SEED, corpus, number, copy])
    window = augmentation.augmented(speech_corpora.read(listed, clip), _babble(listed, TALK), random)
    return augmentation.masked(log_mel(window), random).astype(np.float16)


_known: dict[str, tuple[Floats, ...]] = {}


def _babble(listed: Listing, corpus: str) -> Sequence[Floats]:
    """Talk of other speakers, for babble noise: read once in a process."""
    if corpus not in _known:
        files = dict.fromkeys(listed.files[i] for i in listed.of(corpus))
        chosen = [next(int(i) for i in listed.of(corpus) if listed.files[i] == file) for file in files]
        _known[corpus] = tuple(speech_corpora.read(listed, i) for i in chosen)
    return _known[corpus]


def _kept(
    path: Path, listed: Listing, make: Callable[..., Half], jobs: Sequence[tuple[Any, ...]], *, exact: bool
) -> Half:
    """The states of one kind (jobs, 75, 384): read from ``path``, or made and written there."""
    if path.is_file():
        states = np.load(path, mmap_mode="r")
        if states.size == len(jobs) * int(np.prod(network.STATES_SHAPE)):
            return np.asarray(states.reshape(len(jobs), *network.STATES_SHAPE))
    part = path.with_suffix(".part.npy")
    states = np.lib.format.open_memmap(part, "w+", np.float16, (len(jobs), *network.STATES_SHAPE))
    bar = tqdm(total=len(jobs), desc=path.stem, disable=not sys.stderr.isatty())
    at = 0
    for batch in _spectrograms(listed, make, jobs):
        states[at : at + len(batch)] = np.asarray(_trunk(exact).predict_on_batch(batch), np.float32)
        at += len(batch)
        bar.update(len(batch))
    states.flush()
    part.replace(path)
    return np.asarray(np.load(path, mmap_mode="r"))


def _spectrograms(listed: Listing, make: Callable[..., Half], jobs: Sequence[tuple[Any, ...]]) -> Iterator[Floats]:
    """Batches of spectrograms (n, 300, 80), made by as many processes as there are processors."""
    batch = np.zeros((BATCH, FRAMES, MELS), np.float32)
    # Spawned, not forked: TensorFlow may have started threads in this process.
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        filled = 0
        for spectrum in pool.map(partial(_unpacked, make, listed), jobs, chunksize=32):
            batch[filled] = spectrum
            filled += 1
            if filled == BATCH:
                yield batch
                filled = 0
    if filled:
        yield batch[:filled]


def _unpacked(make: Callable[..., Half], listed: Listing, job: tuple[Any, ...]) -> Half:
    return make(listed, *job)


@cache
def _trunk(exact: bool) -> Any:
    pretrained = weights.load()
    if exact:
        return network.trunk(pretrained, TRUNK_LAYERS)
    with mixed_bfloat16():
        return network.trunk(pretrained, TRUNK_LAYERS)
