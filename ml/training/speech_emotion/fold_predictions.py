"""What the folds of a protocol gave: read back from the work folder, pooled, and kept with the version.

A protocol of many folds and seeds takes hours. Its predictions therefore go into the version's own folder
(:data:`KEPT`): anyone can recompute every figure from them, and training goes on elsewhere where it stopped here.
"""

import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from ml.speech_emotion.labels import LABELS
from ml.training import checkpoint
from ml.training.checkpoint import EpochRecord
from ml.training.datasets.ravdess import Indices, Listing
from ml.training.metrics import Floats, Ints, Scores, scores
from ml.training.speech_emotion.ensemble import geometric_mean
from ml.training.speech_emotion.recipe import Protocol

PREDICTIONS = "predictions.npz"
KEPT = "folds.npz"
ALL_CLIPS = "all-clips"
"""The folder beside the folds' in which the shipped network is trained."""

CORRUPTED = "corrupted "
"""What the predictions under a corruption are called, before its name. All predictions are stored as each member of the
ensemble gave them, (members, n, 8), in half precision."""

_HISTORY = "history"


@dataclass(frozen=True)
class Pool:
    """Predictions of several folds of one seed, not calibrated: clip indices (n,), class indices (n,) and
    probabilities (n, 8)."""

    index: Indices
    truth: Ints
    probabilities: Floats

    @property
    def scores(self) -> Scores:
        return scores(self.truth, self.probabilities, LABELS)

    def of(self, clips: Indices) -> "Pool":
        """The part of it that belongs to some of the clips."""
        wanted = np.isin(self.index, clips)
        return Pool(self.index[wanted], self.truth[wanted], self.probabilities[wanted])


@dataclass(frozen=True)
class Run:
    """One protocol run with one seed: its pooled test and validation predictions and those under each corruption, each
    fold's best epochs of the ensemble's members, and the first member's history, the mean over the folds."""

    seed: int
    folds: int
    test: Pool
    validation: Pool
    corrupted: dict[str, Pool]
    best_epochs: tuple[tuple[int, ...], ...]
    history: tuple[EpochRecord, ...]


def read(clips: Listing, version_folder: Path, protocol: Protocol) -> list[Run]:
    """The complete runs of a protocol, by seed; none where none is complete.

    Of a ``partial`` protocol a run of fewer folds counts too; ``Run.folds`` says how many there were.
    """
    seeds = sorted(
        {int(path.name.split("-seed")[1].split("-")[0]) for path in version_folder.glob(f"{protocol.key}-seed*")}
    )
    runs = []
    for seed in seeds:
        folds = len(protocol.folds(clips, seed))
        folders = [version_folder / f"{protocol.key}-seed{seed}-fold{number}" for number in range(folds)]
        done = [folder for folder in folders if (folder / PREDICTIONS).is_file()]
        if len(done) == folds or (protocol.partial and done):
            runs.append(_run(clips, seed, done))
    return runs


def pack(version_folder: Path) -> bytes:
    """Predictions and history of every finished fold of the work folder, as the file :data:`KEPT`."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for predictions in sorted(version_folder.glob(f"*-seed*-fold*/{PREDICTIONS}")):
        fold = predictions.parent
        with np.load(predictions) as found:
            arrays |= {f"{fold.name}/{key}": found[key] for key in found.files}
        for network in _networks(fold):
            rows = [asdict(record) for record in checkpoint.load_history(network)]
            arrays[f"{fold.name}/{network.name}/{_HISTORY}"] = np.frombuffer(json.dumps(rows).encode(), dtype=np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
    return content.getvalue()


def restore(kept: Path, version_folder: Path) -> None:
    """Put the folds of a version's :data:`KEPT` back into the work folder, where they are not there already."""
    if not kept.is_file():
        return
    with np.load(kept) as arrays:
        for name in sorted({key.split("/")[0] for key in arrays.files}):
            fold = version_folder / name
            if (fold / PREDICTIONS).is_file():
                continue
            found = {key.removeprefix(f"{name}/"): arrays[key] for key in arrays.files if key.startswith(f"{name}/")}
            fold.mkdir(parents=True, exist_ok=True)
            histories = {key.split("/")[0]: found.pop(key) for key in list(found) if key.endswith(f"/{_HISTORY}")}
            for network, history in histories.items():
                (fold / network).mkdir(exist_ok=True)
                np.savez(fold / network / checkpoint.LAST, history=history)
            np.savez(fold / PREDICTIONS, **found)


def _run(clips: Listing, seed: int, folders: list[Path]) -> Run:
    folds = [_parts(folder, clips.truth) for folder in folders]
    pooled = {part: _joined([fold[part] for fold in folds]) for part in folds[0]}
    return Run(
        seed=seed,
        folds=len(folders),
        test=pooled.pop("test"),
        validation=pooled.pop("validation"),
        corrupted={part.removeprefix(CORRUPTED): pool for part, pool in pooled.items()},
        best_epochs=tuple(_best_epochs(folder) for folder in folders),
        history=_mean_history([checkpoint.load_history(_networks(folder)[0]) for folder in folders]),
    )


def _parts(folder: Path, truth: Indices) -> dict[str, Pool]:
    """The predictions of one fold by part, those of its ensemble's members pooled."""
    with np.load(folder / PREDICTIONS) as arrays:
        found = {}
        for part in arrays.files:
            if part in ("test", "validation") or part.startswith(CORRUPTED):
                index = arrays[f"{'corrupted' if part.startswith(CORRUPTED) else part}_index"]
                found[part] = Pool(index, truth[index], geometric_mean(arrays[part].astype(np.float32)))
        return found


def _joined(pools: list[Pool]) -> Pool:
    return Pool(
        np.concatenate([pool.index for pool in pools]),
        np.concatenate([pool.truth for pool in pools]),
        np.concatenate([pool.probabilities for pool in pools]),
    )


def _best_epochs(folder: Path) -> tuple[int, ...]:
    with np.load(folder / PREDICTIONS) as arrays:
        return tuple(arrays["best_epochs"].tolist())


def _networks(fold: Path) -> list[Path]:
    """The folders of a fold's networks."""
    return sorted(path.parent for path in fold.glob(f"*/{checkpoint.LAST}"))


def _mean_history(histories: list[list[EpochRecord]]) -> tuple[EpochRecord, ...]:
    """Epoch by epoch, the mean over folds."""
    return tuple(
        EpochRecord(
            epoch=rows[0].epoch,
            loss=round(mean(r.loss for r in rows), 5),
            accuracy=round(mean(r.accuracy for r in rows), 5),
            validation_loss=round(mean(r.validation_loss for r in rows), 5),
            validation_accuracy=round(mean(r.validation_accuracy for r in rows), 5),
            validation_uar=round(mean(r.validation_uar for r in rows), 5),
            learning_rate=rows[0].learning_rate,
            seconds=round(sum(r.seconds for r in rows), 1),
        )
        for rows in zip(*histories, strict=False)
    )
