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

from ml.speech_emotion import shares
from ml.speech_emotion.dataset import Clips, Indices, Listing
from ml.speech_emotion.labels import LABELS
from ml.training import checkpoint
from ml.training.checkpoint import EpochRecord
from ml.training.errors import TrainingError
from ml.training.metrics import Floats, Ints, Scores, scores

PREDICTIONS = "predictions.npz"
KEPT = "folds.npz"
ALL_ACTORS = "all-actors"
"""The folder beside the folds' in which the shipped network is trained."""

CHANGED = "changed "
"""What the predictions under a condition are called, before the condition's name. All predictions are stored as each
network of the version gave them, (networks, n, 8), in half precision."""

_HISTORY = "history"


@dataclass(frozen=True)
class Pool:
    """Predictions of several folds of one seed, not calibrated: class indices (n,) and probabilities (n, 8)."""

    truth: Ints
    probabilities: Floats

    @property
    def scores(self) -> Scores:
        return scores(self.truth, self.probabilities, LABELS)


@dataclass(frozen=True)
class Run:
    """One protocol run with one seed: its pooled test and validation predictions, which clips are tested, (n,), the
    predictions of these under each condition, each fold's shares of the version's networks in their order and best
    epochs of those that are trained, and these networks' histories by name, each the mean over the folds."""

    seed: int
    folds: int
    test_index: Indices
    test: Pool
    validation: Pool
    changed: dict[str, Pool]
    shares: tuple[tuple[float, ...], ...]
    best_epochs: tuple[tuple[int, ...], ...]
    histories: dict[str, tuple[EpochRecord, ...]]


def read(
    clips: Clips | Listing, version_folder: Path, protocol: str, folds: int, *, partial: bool = False
) -> list[Run]:
    """The complete runs of a protocol, by seed; raises :class:`TrainingError` when there is none.

    With ``partial`` a run of fewer folds counts too: each of the random folds is a fair sample of all clips, which a
    fold of a few speakers is not. ``Run.folds`` says how many there were.
    """
    seeds = sorted(
        {int(path.name.split("-seed")[1].split("-")[0]) for path in version_folder.glob(f"{protocol}-seed*")}
    )
    runs = []
    for seed in seeds:
        folders = [version_folder / f"{protocol}-seed{seed}-fold{number}" for number in range(folds)]
        done = [folder for folder in folders if (folder / PREDICTIONS).is_file()]
        if len(done) == folds or (partial and done):
            runs.append(_run(clips, seed, done))
    if not runs:
        raise TrainingError(f"No run of the protocol '{protocol}' is complete in {version_folder}: train first.")
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


@dataclass(frozen=True)
class _Fold:
    """What the networks of a fold said, by part: class indices (n,) and probabilities (networks, n, 8)."""

    test_index: Indices
    validation_index: Indices
    parts: dict[str, tuple[Ints, Floats]]
    best_epochs: tuple[int, ...]

    @classmethod
    def read(cls, folder: Path, truth: Indices) -> "_Fold":
        with np.load(folder / PREDICTIONS) as arrays:
            test, validation = arrays["test_index"], arrays["validation_index"]
            parts = {
                part: (truth[validation if part == "validation" else test], arrays[part].astype(np.float32))
                for part in arrays.files
                if part in ("test", "validation") or part.startswith(CHANGED)
            }
            return cls(test, validation, parts, tuple(arrays["best_epochs"].tolist()))


def _run(clips: Clips | Listing, seed: int, folders: list[Path]) -> Run:
    folds = [_Fold.read(folder, clips.truth) for folder in folders]
    fitted = tuple(_shares(fold, folds) for fold in folds)
    pooled = {part: _pool(part, folds, fitted) for part in folds[0].parts}
    return Run(
        seed=seed,
        folds=len(folders),
        test_index=np.concatenate([fold.test_index for fold in folds]),
        test=pooled["test"],
        validation=pooled["validation"],
        changed={part.removeprefix(CHANGED): pool for part, pool in pooled.items() if part.startswith(CHANGED)},
        shares=fitted,
        best_epochs=tuple(fold.best_epochs for fold in folds),
        histories={
            network.name: _mean_history([checkpoint.load_history(folder / network.name) for folder in folders])
            for network in _networks(folders[0])
        },
    )


def _shares(fold: _Fold, folds: list[_Fold]) -> tuple[float, ...]:
    """A fold's shares, fitted on the validation clips of all folds but those that it is tested on: one fold's alone
    are too few for a share of each network."""
    truth, said = [], []
    for other in folds:
        kept = ~np.isin(other.validation_index, fold.test_index)
        labels, probabilities = other.parts["validation"]
        truth.append(labels[kept])
        said.append(probabilities[:, kept])
    return shares.fit(np.concatenate(truth), np.concatenate(said, axis=1))


def _pool(part: str, folds: list[_Fold], fitted: tuple[tuple[float, ...], ...]) -> Pool:
    """One part of all folds, what the networks of each said taken together."""
    rows = [fold.parts[part] for fold in folds]
    mixed = [shares.mixed(said, parts) for (_, said), parts in zip(rows, fitted, strict=True)]
    return Pool(np.concatenate([truth for truth, _ in rows]), np.concatenate(mixed))


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
