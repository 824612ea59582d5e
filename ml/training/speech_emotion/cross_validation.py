"""Cross-validation: the networks of a version trained in every fold of a protocol, and on all clips.

Each member of an ensemble is trained on its own and has its checkpoint in a folder of its own: a stopped training
can be resumed.
"""

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.arrays import Float32, Int64
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.labels import LABELS
from ml.training import checkpoint, convert, loop
from ml.training.backend import keras, mixed_bfloat16
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Clips, Fold
from ml.training.options import Options
from ml.training.speech_emotion import fold_predictions
from ml.training.speech_emotion.recipe import PreparedClips, Protocol, Recipe

CHECKPOINT_EVERY: Final = 10

MONITOR_CLIPS: Final = 64
"""Where a fold has no validation clips, an epoch is measured on so many training clips: for the log alone."""


def modality_folder(work: Path) -> Path:
    """The work folder of speech emotion: computed features, and a folder for each version."""
    return work / SPEECH_EMOTION


def version_folder(options: Options) -> Path:
    return modality_folder(options.work) / options.version


@dataclass
class TrainingCounter:
    """Counts the trainings of a version: ``done`` of ``total``."""

    total: int
    done: int = 0

    @classmethod
    def of(cls, recipe: Recipe, clips: Clips) -> "TrainingCounter":
        """Of all protocols with all their seeds, and of the shipped network."""
        folds = sum(protocol.seeds * len(protocol.folds(clips, 0)) for protocol in recipe.protocols)
        return cls(recipe.members * (folds + 1))

    def next(self) -> tuple[int, int]:
        """The number of the training that begins, and how many there are."""
        self.done += 1
        return min(self.done, self.total), self.total


def run_protocol(recipe: Recipe, clips: Clips, protocol: Protocol, options: Options, counter: TrainingCounter) -> None:
    """Train every fold of a protocol for ``options.seed`` and keep each fold's predictions in the work folder."""
    folds = protocol.folds(clips, options.seed)
    for number, fold in enumerate(folds):
        folder = version_folder(options) / f"{protocol.key}-seed{options.seed}-fold{number}"
        if options.resume and (folder / fold_predictions.PREDICTIONS_FILE).is_file():
            counter.done += recipe.members
            continue
        title = f"{protocol.key} seed {options.seed} fold {number + 1}/{len(folds)}"
        prepared = recipe.prepare(clips, fold.train)
        task = _Task(clips, prepared, fold.train, fold.validation, folder, title, counter)
        _run_fold(recipe, task, fold, options, corruptions=protocol.corruptions)


def train_on_all_clips(
    recipe: Recipe, clips: Clips, epochs: int, options: Options, counter: TrainingCounter
) -> tuple[Any, PreparedClips]:
    """The shipped network: every member trained on all clips of the training corpora for ``epochs``, the last kept, and
    assembled."""
    train = np.flatnonzero(np.isin(clips.corpora, recipe.corpora))
    prepared = recipe.prepare(clips, train)
    folder = version_folder(options) / fold_predictions.ALL_CLIPS_FOLDER
    task = _Task(clips, prepared, train, train[:0], folder, "all clips", counter)
    members = [
        _train_member(recipe, task, number, options, epochs=epochs, keep_last=True)[0]
        for number in range(recipe.members)
    ]
    return recipe.assemble(members), prepared


@dataclass(frozen=True)
class _Task:
    """The clips that the members of a fold are trained and validated on, and the folder of their checkpoints."""

    clips: Clips
    prepared: PreparedClips
    train: Int64
    validation: Int64
    folder: Path
    title: str
    counter: TrainingCounter


def _run_fold(recipe: Recipe, task: _Task, fold: Fold, options: Options, *, corruptions: bool) -> None:
    """Train the members of one fold and store the probabilities of each: of the test and validation clips and, of the
    test clips of RAVDESS, under each corruption."""
    prepared = task.prepared
    members = [_train_member(recipe, task, number, options) for number in range(recipe.members)]
    ravdess = fold.test[task.clips.corpora[fold.test] == RAVDESS]
    inputs = {"test": prepared.inputs(fold.test), "validation": prepared.inputs(fold.validation)}
    if corruptions:
        inputs |= {fold_predictions.CORRUPTED + name: rows for name, rows in prepared.corrupted(ravdess).items()}
    predictions = {
        part: np.stack([_predict(model, rows) for model, _ in members]).astype(np.float16)
        for part, rows in inputs.items()
    }
    np.savez(
        task.folder / fold_predictions.PREDICTIONS_FILE,
        test_index=fold.test,
        validation_index=fold.validation,
        corrupted_index=ravdess,
        best_epochs=np.array([epoch for _, epoch in members]),
        **predictions,  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
    )


def _train_member(
    recipe: Recipe, task: _Task, number: int, options: Options, *, epochs: int | None = None, keep_last: bool = False
) -> tuple[Any, int]:
    """Member ``number`` in full precision, and the epoch whose weights it has."""
    seed = options.seed + 1000 * number
    folder = task.folder / f"member{number}"
    measured = task.validation if len(task.validation) else task.train[:MONITOR_CLIPS]
    selection = loop.latest if keep_last else recipe.selection
    history = loop.fit(
        compiled_network(recipe, seed),
        train=task.prepared.batches(task.train, seed),
        validation=loop.Validation(task.prepared.inputs(measured), task.clips.truth[measured], classes=len(LABELS)),
        epochs=epochs or options.epochs or recipe.epochs,
        folder=folder,
        schedule=recipe.schedule,
        selection=selection,
        evaluation_weights=recipe.evaluation_weights,
        resume=options.resume or options.package_only,
        checkpoint_every=CHECKPOINT_EVERY,
        title=f"{SPEECH_EMOTION} {task.title}, member {number + 1}/{recipe.members}",
        part=task.counter.next(),
    )
    full_precision = recipe.build()
    checkpoint.load_best(folder, full_precision)
    return full_precision, loop.best_epoch(history, selection).epoch


def compiled_network(recipe: Recipe, seed: int) -> Any:
    """One network of a version with its optimizer, seeded."""
    keras().utils.set_random_seed(seed)
    with mixed_bfloat16() if recipe.mixed_bfloat16 else contextlib.nullcontext():
        model = recipe.build()
    recipe.compile(model)
    return model


def _predict(model: Any, inputs: Float32) -> Any:
    if not len(inputs):
        return np.zeros((0, len(LABELS)), np.float32)
    return convert.used_outputs(loop.predict(model, inputs), len(LABELS))
