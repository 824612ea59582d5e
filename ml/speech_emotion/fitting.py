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
from ml.speech_emotion.recipe import Member, Prepared, Recipe, Solved, Trained
from ml.training import checkpoint, convert, loop
from ml.training.backend import keras
from ml.training.checkpoint import EpochRecord
from ml.training.metrics import Floats
from ml.training.options import Options

CHECKPOINT_EVERY = 10

AGAIN = "again"
"""The folder inside a fold's in which networks are trained with its validation clips."""


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


def make_on_all(
    recipe: Recipe, clips: Clips, epochs: Sequence[int], shares: Sequence[float], options: Options
) -> tuple[Any, Prepared]:
    """The shipped network: every member made of all actors, trained ones for their ``epochs`` with the last kept, and
    joined."""
    everyone = np.arange(len(clips.truth))
    prepared = recipe.prepare(clips, everyone)
    # Nobody is left to validate on: two actors of the training set only show that training goes on.
    shown = np.flatnonzero(clips.actors <= 2)
    folder = version_folder(options) / protocols.ALL_ACTORS
    prescribed = dict(zip((member.name for member in recipe.trained), epochs, strict=True))
    models = []
    for number, member in enumerate(recipe.members):
        if isinstance(member, Solved):
            models.append(member.solve(prepared, everyone))
            continue
        task = _Task(clips, prepared, everyone, shown, folder / member.name, f"all actors, {member.name}")
        _fit(member, task, number, options, epochs=prescribed[member.name], keep_last=True)
        models.append(_best(member, task.folder))
    return recipe.join(models, shares), prepared


def compiled(member: Trained, seed: int) -> Any:
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
    """Make every network of one fold and store what each says: of the test and validation clips as they are and, of
    the test clips, under each condition."""
    prepared = recipe.prepare(clips, fold.train)
    makers = [
        _Maker(member, number, clips, prepared, fold, folder, options, title)
        for number, member in enumerate(recipe.members)
    ]
    made = [maker.made() for maker in makers]
    validation = {"validation": prepared.inputs(fold.validation)}
    test = {"test": prepared.inputs(fold.test)}
    test |= {protocols.CHANGED + name: inputs for name, inputs in prepared.changed(fold.test).items()}
    found = [
        _predictions(maker.member, models.judged, validation) | _predictions(maker.member, models.measured, test)
        for maker, models in zip(makers, made, strict=True)
    ]
    np.savez(
        folder / protocols.PREDICTIONS,
        test_index=fold.test,
        validation_index=fold.validation,
        best_epochs=np.array([models.best_epoch for models in made if models.best_epoch]),
        **{name: np.stack([said[name] for said in found]).astype(np.float16) for name in found[0]},  # type: ignore[arg-type]  # numpy's stub mistakes the names for allow_pickle
    )


@dataclass(frozen=True)
class _Made:
    """A member's Keras models of one fold: ``judged`` on the validation clips, which it has not heard, and
    ``measured`` on the test clips; 0 is the best epoch of what has none."""

    judged: Any
    measured: Any
    best_epoch: int


@dataclass(frozen=True)
class _Maker:
    """Makes member ``number`` of a version for one fold."""

    member: Member
    number: int
    clips: Clips
    prepared: Prepared
    fold: Fold
    folder: Path
    options: Options
    title: str

    def made(self) -> _Made:
        fold = self.fold
        heard = np.concatenate([fold.train, fold.validation])
        if isinstance(self.member, Solved):
            first, again = (self.member.solve(self.prepared, chosen) for chosen in (fold.train, heard))
            return _Made(first, again, 0)
        first, history = self._trained(self.member, fold.train, self.folder)
        best = loop.best_epoch(history, self.member.selection).epoch
        if not self.member.again:
            return _Made(first, first, best)
        again, _ = self._trained(self.member, heard, self.folder / AGAIN, again=True)
        return _Made(first, again, best)

    def _trained(
        self, member: Trained, chosen: Indices, folder: Path, *, again: bool = False
    ) -> tuple[Any, list[EpochRecord]]:
        # Where the validation clips are trained on they only show that training goes on: no epoch is chosen by them.
        title = f"{self.title}, {member.name}{' again' if again else ''}"
        task = _Task(self.clips, self.prepared, chosen, self.fold.validation, folder / member.name, title)
        history = _fit(member, task, self.number, self.options, keep_last=again)
        return _best(member, task.folder), history


def _fit(
    member: Trained, task: _Task, number: int, options: Options, *, epochs: int | None = None, keep_last: bool = False
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


def _predictions(member: Member, model: Any, rows: dict[str, Floats]) -> dict[str, Floats]:
    return {
        name: convert.used_outputs(loop.predict(model, inputs[:, member.rows]), len(LABELS))
        for name, inputs in rows.items()
    }


def _best(member: Trained, folder: Path) -> Any:
    exact = member.build()
    checkpoint.load_best(folder, exact)
    return exact
