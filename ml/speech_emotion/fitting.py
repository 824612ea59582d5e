"""Training the networks of a version: in every fold of a protocol, and on all actors.

Each network of a version is trained on its own and keeps its checkpoint in a folder of its name, so that training that
was stopped goes on where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion import dataset, protocols
from ml.speech_emotion.dataset import Clips, Fold, Indices
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.network import LEAST_PROBABILITY
from ml.speech_emotion.recipe import Member, Prepared, Recipe
from ml.training import checkpoint, convert, loop
from ml.training.backend import keras
from ml.training.checkpoint import EpochRecord
from ml.training.metrics import Floats
from ml.training.options import Options

CHECKPOINT_EVERY = 10


def room_folder(work: Path) -> Path:
    """Where computed features are kept and the versions of this room are trained."""
    return work / SPEECH_EMOTION


def version_folder(options: Options) -> Path:
    return room_folder(options.work) / options.version


def run_protocol(recipe: Recipe, clips: Clips, protocol: str, options: Options) -> None:
    """Train every fold of a protocol for ``options.seed`` and keep each fold's predictions in the work folder."""
    folds = dataset.speaker_folds(clips) if protocol == "speaker" else dataset.random_folds(clips, options.seed)
    for number, fold in enumerate(folds):
        folder = version_folder(options) / f"{protocol}-seed{options.seed}-fold{number}"
        if not (options.resume and (folder / protocols.PREDICTIONS).is_file()):
            title = f"{protocol} seed {options.seed} fold {number + 1}/{len(folds)}"
            _run_fold(recipe, clips, fold, folder, options, title)


def train_on_all(recipe: Recipe, clips: Clips, epochs: Sequence[int], options: Options) -> tuple[Any, Prepared]:
    """The shipped network: every member trained on all actors for its ``epochs``, the last one kept, and joined."""
    everyone = np.arange(len(clips.truth))
    prepared = recipe.prepare(clips, everyone)
    # Nobody is left to validate on: two actors of the training set only show that training goes on.
    shown = np.flatnonzero(clips.actors <= 2)
    folder = version_folder(options) / protocols.ALL_ACTORS
    models = []
    for number, (member, until) in enumerate(zip(recipe.members, epochs, strict=True)):
        task = _Task(clips, prepared, everyone, shown, folder / member.name, f"all actors, {member.name}")
        _fit(member, task, number, options, epochs=until, keep_last=True)
        models.append(_best(member, task.folder))
    return recipe.join(models), prepared


def compiled(member: Member, seed: int) -> Any:
    """A member's network with its optimizer, seeded."""
    keras().utils.set_random_seed(seed)
    model = member.build()
    member.compile(model)
    return model


@dataclass(frozen=True)
class _Task:
    """What one network is trained on, shown on and kept in."""

    clips: Clips
    prepared: Prepared
    train: Indices
    validation: Indices
    folder: Path
    title: str


def _run_fold(recipe: Recipe, clips: Clips, fold: Fold, folder: Path, options: Options, title: str) -> None:
    """Train every network of one fold, choose its epoch on the fold's validation clips, and store what all predict
    together: of the test and validation clips as they are and, of the test clips, under each condition."""
    prepared = recipe.prepare(clips, fold.train)
    best_epochs = []
    for number, member in enumerate(recipe.members):
        task = _Task(clips, prepared, fold.train, fold.validation, folder / member.name, f"{title}, {member.name}")
        history = _fit(member, task, number, options)
        best_epochs.append(loop.best_epoch(history, member.selection).epoch)
    rows = _rows(prepared, fold)
    found = [_predictions(member, folder / member.name, rows) for member in recipe.members]
    together = {name: _geometric_mean([said[name] for said in found]) for name in found[0]}
    np.savez(
        folder / protocols.PREDICTIONS,
        test_index=fold.test,
        validation_index=fold.validation,
        best_epochs=np.array(best_epochs),
        **together,  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
    )


def _fit(
    member: Member, task: _Task, number: int, options: Options, *, epochs: int | None = None, keep_last: bool = False
) -> list[EpochRecord]:
    """Train a version's network ``number`` and return its history; its folder then holds the weights that count."""
    # Two networks of one kind in a version begin differently.
    seed = options.seed + 1000 * number
    shown = task.prepared.inputs(task.validation)[:, member.rows]
    return loop.fit(
        compiled(member, seed),
        train=member.batches(task.prepared, task.train, seed),
        validation=loop.Validation(shown, task.clips.truth[task.validation], classes=len(LABELS)),
        epochs=epochs or options.epochs or member.epochs,
        folder=task.folder,
        schedule=member.schedule,
        selection=loop.latest if keep_last else member.selection,
        resume=options.resume or options.package_only,
        checkpoint_every=CHECKPOINT_EVERY,
        title=f"{SPEECH_EMOTION} {task.title}",
    )


def _rows(prepared: Prepared, fold: Fold) -> dict[str, Floats]:
    """What the networks of a fold are to judge: inputs by the names of the stored predictions."""
    rows = {"test": prepared.inputs(fold.test), "validation": prepared.inputs(fold.validation)}
    return rows | {protocols.CHANGED + name: inputs for name, inputs in prepared.changed(fold.test).items()}


def _predictions(member: Member, folder: Path, rows: dict[str, Floats]) -> dict[str, Floats]:
    model = _best(member, folder)
    return {
        name: convert.used_outputs(loop.predict(model, inputs[:, member.rows]), len(LABELS))
        for name, inputs in rows.items()
    }


def _geometric_mean(said: Sequence[Floats]) -> Floats:
    """Of probabilities (n, 8), as :func:`ml.speech_emotion.network.together` has it; those of one as they are."""
    if len(said) == 1:
        return said[0]
    mean = np.exp(np.mean([np.log(probabilities + LEAST_PROBABILITY) for probabilities in said], axis=0))
    return np.asarray(mean / mean.sum(axis=1, keepdims=True))


def _best(member: Member, folder: Path) -> Any:
    exact = member.build()
    checkpoint.load_best(folder, exact)
    return exact
