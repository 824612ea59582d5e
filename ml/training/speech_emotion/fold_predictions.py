"""Predictions of the folds of a protocol: read from the work folder, pooled over folds, and shipped with the version.

A protocol of many folds and seeds takes hours. Its predictions therefore go into the version's own folder
(:data:`FOLDS_FILE`): anyone can recompute every figure from them, and a training can be resumed on another machine.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any, Final

import numpy as np

from ml.arrays import Floats, Int64, Integers
from ml.speech_emotion.labels import LABELS
from ml.training import checkpoint
from ml.training.checkpoint import EpochRecord
from ml.training.datasets.speech_clips import Listing
from ml.training.metrics import Scores, scores
from ml.training.speech_emotion.ensemble import geometric_mean
from ml.training.speech_emotion.recipe import Protocol

PREDICTIONS_FILE: Final = "predictions.npz"
"""In the folder of a fold: probabilities (members, n, 8) in half precision, by the part of the clips they are of."""
FOLDS_FILE: Final = "folds.npz"
ALL_CLIPS_FOLDER: Final = "all-clips"
"""The shipped network is trained here, beside the folders of the folds."""

CORRUPTED: Final = "corrupted "
"""The key of predictions under a corruption is this and the name of the corruption."""

_HISTORY: Final = "history"


@dataclass(frozen=True)
class Predictions:
    """Predictions of several folds of one seed, not calibrated: clip indices (n,), class indices (n,) and
    probabilities (n, 8)."""

    index: Int64
    truth: Integers
    probabilities: Floats

    @property
    def scores(self) -> Scores:
        return scores(self.truth, self.probabilities, LABELS)

    def of(self, clips: Int64) -> "Predictions":
        """The predictions of some of the clips."""
        selected = np.isin(self.index, clips)
        return Predictions(self.index[selected], self.truth[selected], self.probabilities[selected])


@dataclass(frozen=True)
class ProtocolRun:
    """One run of a protocol with one seed.

    ``test``, ``validation`` and ``corrupted`` (by corruption) are pooled over the folds; ``best_epochs`` are of every
    fold those of its members; ``history`` is the first member's, the mean over the folds."""

    seed: int
    folds: int
    test: Predictions
    validation: Predictions
    corrupted: dict[str, Predictions]
    best_epochs: tuple[tuple[int, ...], ...]
    history: tuple[EpochRecord, ...]


def joined(parts: Sequence[Predictions]) -> Predictions:
    """The predictions of several folds or seeds, one after the other."""
    return Predictions(
        np.concatenate([part.index for part in parts]),
        np.concatenate([part.truth for part in parts]),
        np.concatenate([part.probabilities for part in parts]),
    )


def read(clips: Listing, version_folder: Path, protocol: Protocol) -> list[ProtocolRun]:
    """The complete runs of a protocol, by seed. Of a ``partial`` protocol also those of some folds: see
    ``ProtocolRun.folds``.
    """
    seeds = sorted(
        {int(path.name.split("-seed")[1].split("-")[0]) for path in version_folder.glob(f"{protocol.key}-seed*")}
    )
    runs = []
    for seed in seeds:
        folds = len(protocol.folds(clips, seed))
        folders = [version_folder / f"{protocol.key}-seed{seed}-fold{number}" for number in range(folds)]
        done = [folder for folder in folders if (folder / PREDICTIONS_FILE).is_file()]
        if len(done) == folds or (protocol.partial and done):
            runs.append(_run(clips, seed, done))
    return runs


def pack(version_folder: Path) -> bytes:
    """Predictions and history of every finished fold of the work folder, as the file :data:`FOLDS_FILE`."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for predictions in sorted(version_folder.glob(f"*-seed*-fold*/{PREDICTIONS_FILE}")):
        fold = predictions.parent
        with np.load(predictions) as found:
            arrays |= {f"{fold.name}/{key}": found[key] for key in found.files}
        for network in _networks(fold):
            rows = [asdict(record) for record in checkpoint.load_history(network)]
            arrays[f"{fold.name}/{network.name}/{_HISTORY}"] = np.frombuffer(json.dumps(rows).encode(), dtype=np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
    return content.getvalue()


def restore(folds_file: Path, version_folder: Path) -> None:
    """Write the folds of a version's :data:`FOLDS_FILE` into the work folder, but for those that are there already."""
    if not folds_file.is_file():
        return
    with np.load(folds_file) as arrays:
        for name in sorted({key.split("/")[0] for key in arrays.files}):
            fold = version_folder / name
            if (fold / PREDICTIONS_FILE).is_file():
                continue
            found = {key.removeprefix(f"{name}/"): arrays[key] for key in arrays.files if key.startswith(f"{name}/")}
            fold.mkdir(parents=True, exist_ok=True)
            histories = {key.split("/")[0]: found.pop(key) for key in list(found) if key.endswith(f"/{_HISTORY}")}
            for network, history in histories.items():
                (fold / network).mkdir(exist_ok=True)
                np.savez(fold / network / checkpoint.LAST, history=history)
            np.savez(fold / PREDICTIONS_FILE, **found)


def _run(clips: Listing, seed: int, folders: list[Path]) -> ProtocolRun:
    folds = [_fold_predictions(folder, clips.truth) for folder in folders]
    pooled = {part: joined([fold[part] for fold in folds]) for part in folds[0]}
    return ProtocolRun(
        seed=seed,
        folds=len(folders),
        test=pooled.pop("test"),
        validation=pooled.pop("validation"),
        corrupted={part.removeprefix(CORRUPTED): predictions for part, predictions in pooled.items()},
        best_epochs=tuple(_best_epochs(folder) for folder in folders),
        history=_mean_history([checkpoint.load_history(_networks(folder)[0]) for folder in folders]),
    )


def _fold_predictions(folder: Path, truth: Int64) -> dict[str, Predictions]:
    """The ensemble's predictions of one fold, by part."""
    with np.load(folder / PREDICTIONS_FILE) as arrays:
        found = {}
        for part in arrays.files:
            if part in ("test", "validation") or part.startswith(CORRUPTED):
                index = arrays[f"{'corrupted' if part.startswith(CORRUPTED) else part}_index"]
                found[part] = Predictions(index, truth[index], geometric_mean(arrays[part].astype(np.float32)))
        return found


def _best_epochs(folder: Path) -> tuple[int, ...]:
    with np.load(folder / PREDICTIONS_FILE) as arrays:
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
