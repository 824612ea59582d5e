"""Training state on disk, written so that a kill at any moment leaves the previous state intact."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

LAST = "last.npz"
BEST = "best.npz"


@dataclass(frozen=True)
class EpochRecord:
    """What one epoch gave. ``epoch`` counts from 1; losses are cross-entropies, the rest shares in 0..1."""

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float
    validation_uar: float
    learning_rate: float
    seconds: float


def _write(path: Path, arrays: dict[str, np.ndarray[Any, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            np.savez(stream, **arrays)  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def save_last(folder: Path, model: Any, history: Sequence[EpochRecord]) -> None:
    """Save everything that continuing needs: weights, dropout seeds, optimizer state and the history."""
    arrays = {f"model_{i}": np.asarray(v.numpy()) for i, v in enumerate(model.variables)}
    arrays |= {f"optimizer_{i}": np.asarray(v.numpy()) for i, v in enumerate(model.optimizer.variables)}
    arrays["history"] = np.frombuffer(json.dumps([asdict(r) for r in history]).encode(), dtype=np.uint8)
    _write(folder / LAST, arrays)


def save_best(folder: Path, model: Any) -> None:
    """Save the weights alone, as the best on validation so far."""
    _write(folder / BEST, {f"weight_{i}": np.asarray(w) for i, w in enumerate(model.get_weights())})


def load_history(folder: Path) -> list[EpochRecord]:
    """The epochs run so far in ``folder``; empty when there is no checkpoint."""
    path = folder / LAST
    if not path.is_file():
        return []
    with np.load(path) as arrays:
        return [EpochRecord(**row) for row in json.loads(arrays["history"].tobytes())]


def load_last(folder: Path, model: Any) -> list[EpochRecord]:
    """Put the last state into a compiled ``model`` and return the history; empty when there is no checkpoint."""
    path = folder / LAST
    if not path.is_file():
        return []
    model.optimizer.build(model.trainable_variables)
    with np.load(path) as arrays:
        for i, variable in enumerate(model.variables):
            variable.assign(arrays[f"model_{i}"])
        for i, variable in enumerate(model.optimizer.variables):
            variable.assign(arrays[f"optimizer_{i}"])
        return [EpochRecord(**row) for row in json.loads(arrays["history"].tobytes())]


def load_best(folder: Path, model: Any) -> None:
    """Put the best weights so far into ``model``; raises ``FileNotFoundError`` when nothing was trained yet."""
    with np.load(folder / BEST) as arrays:
        model.set_weights([arrays[f"weight_{i}"] for i in range(len(arrays.files))])
