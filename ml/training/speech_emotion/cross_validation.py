"""Training the networks of a version: in every fold of a protocol, and on all clips.

Each member of an ensemble is trained on its own and keeps its checkpoint in a folder of its name, so that training that
was stopped goes on where it was.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.labels import LABELS
from ml.training import checkpoint, convert, loop
from ml.training.backend import keras, mixed_bfloat16
from ml.training.datasets.ravdess import RAVDESS, Clips, Fold, Indices
from ml.training.metrics import Floats
from ml.training.options import Options
from ml.training.speech_emotion import fold_predictions
from ml.training.speech_emotion.recipe import Prepared, Protocol, Recipe

CHECKPOINT_EVERY = 10

SHOWN = 64
"""Where no clip is left to validate on, so many training clips show that training goes on."""


def room_folder(work: Path) -> Path:
    """Where computed features are kept and the versions of this room are trained."""
    return work / SPEECH_EMOTION


def version_folder(options: Options) -> Path:
    return room_folder(options.work) / options.version


@dataclass
class Parts:
    """Counts the trainings of a version: ``done`` of ``total``."""

    total: int
    done: int = 0

    @classmethod
    def of(cls, recipe: Recipe, clips: Clips) -> "Parts":
        """All protocols with all their seeds, and the shipped network."""
        folds = sum(protocol.seeds * len(protocol.folds(clips, 0)) for protocol in recipe.protocols)
        return cls(recipe.members * (folds + 1))

    def next(self) -> tuple[int, int]:
        """The number of the training that begins, and how many there are."""
        self.done += 1
        return min(self.done, self.total), self.total


def run_protocol(recipe: Recipe, clips: Clips, protocol: Protocol, options: Options, parts: Parts) -> None:
    """Train every fold of a protocol for ``options.seed`` and keep each fold's predictions in the work folder."""
    folds = protocol.folds(clips, options.seed)
    for number, fold in enumerate(folds):
        folder = version_folder(options) / f"{protocol.key}-seed{options.seed}-fold{number}"
        if options.resume and (folder / fold_predictions.PREDICTIONS).is_file():
            parts.done += recipe.members
            continue
        title = f"{protocol.key} seed {options.seed} fold {number + 1}/{len(folds)}"
        task = _Task(clips, recipe.prepare(clips, fold.train), fold.train, fold.validation, folder, title, parts)
        _run_fold(recipe, task, fold, options, corruptions=protocol.corruptions)


def fit_on_all(recipe: Recipe, clips: Clips, epochs: int, options: Options, parts: Parts) -> tuple[Any, Prepared]:
    """The shipped network: every member trained on all clips of the training corpora for ``epochs``, the last kept, and
    assembled."""
    train = np.flatnonzero(np.isin(clips.corpora, recipe.corpora))
    prepared = recipe.prepare(clips, train)
    folder = version_folder(options) / fold_predictions.ALL_CLIPS
    task = _Task(clips, prepared, train, train[:0], folder, "all clips", parts)
    members = [
        _trained(recipe, task, number, options, epochs=epochs, keep_last=True)[0] for number in range(recipe.members)
    ]
    return recipe.assemble(members), prepared


@dataclass(frozen=True)
class _Task:
    """What the networks of a fold are trained and validated on, and where they are kept."""

    clips: Clips
    prepared: Prepared
    train: Indices
    validation: Indices
    folder: Path
    title: str
    parts: Parts


def _run_fold(recipe: Recipe, task: _Task, fold: Fold, options: Options, *, corruptions: bool) -> None:
    """Train the members of one fold and store the probabilities of each: of the test and validation clips and, of the
    test clips of RAVDESS, under each corruption."""
    prepared = task.prepared
    trained = [_trained(recipe, task, number, options) for number in range(recipe.members)]
    acted = fold.test[task.clips.corpora[fold.test] == RAVDESS]
    inputs = {"test": prepared.inputs(fold.test), "validation": prepared.inputs(fold.validation)}
    if corruptions:
        inputs |= {fold_predictions.CORRUPTED + name: rows for name, rows in prepared.corrupted(acted).items()}
    predictions = {
        part: np.stack([_predict(model, rows) for model, _ in trained]).astype(np.float16)
        for part, rows in inputs.items()
    }
    np.savez(
        task.folder / fold_predictions.PREDICTIONS,
        test_index=fold.test,
        validation_index=fold.validation,
        corrupted_index=acted,
        best_epochs=np.array([epoch for _, epoch in trained]),
        **predictions,  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
    )


def _trained(
    recipe: Recipe, task: _Task, number: int, options: Options, *, epochs: int | None = None, keep_last: bool = False
) -> tuple[Any, int]:
    """Member ``number`` in full precision, and the epoch whose weights it has."""
    seed = options.seed + 1000 * number
    folder = task.folder / f"member{number}"
    shown = task.validation if len(task.validation) else task.train[:SHOWN]
    selection = loop.latest if keep_last else recipe.selection
    history = loop.fit(
        compiled(recipe, seed),
        train=task.prepared.batches(task.train, seed),
        validation=loop.Validation(task.prepared.inputs(shown), task.clips.truth[shown], classes=len(LABELS)),
        epochs=epochs or options.epochs or recipe.epochs,
        folder=folder,
        schedule=recipe.schedule,
        selection=selection,
        evaluation_weights=recipe.evaluation_weights,
        resume=options.resume or options.package_only,
        checkpoint_every=CHECKPOINT_EVERY,
        title=f"{SPEECH_EMOTION} {task.title}, member {number + 1}/{recipe.members}",
        part=task.parts.next(),
    )
    exact = recipe.build()
    checkpoint.load_best(folder, exact)
    return exact, loop.best_epoch(history, selection).epoch


def compiled(recipe: Recipe, seed: int) -> Any:
    """One network of a version with its optimizer, seeded."""
    keras().utils.set_random_seed(seed)
    with mixed_bfloat16() if recipe.mixed_bfloat16 else contextlib.nullcontext():
        model = recipe.build()
    recipe.compile(model)
    return model


def _predict(model: Any, inputs: Floats) -> Floats:
    if not len(inputs):
        return np.zeros((0, len(LABELS)), np.float32)
    return convert.used_outputs(loop.predict(model, inputs), len(LABELS))
