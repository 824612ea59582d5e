"""Training and measuring the speech networks on RAVDESS.

Two protocols, always both, always labelled: speaker-independent folds, and random folds over clips as the paper ran
(which flatter, because each speaker stands on both sides). The shipped weights are trained afterwards on all actors,
for the median of the epochs that the speaker-independent folds ran to, with the temperature of their pooled
validation predictions. What distinguishes the versions is in their recipes.
"""

import contextlib
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network, calibrate
from ml.speech_emotion import compact, compact_functionals, dataset, front_ends, packaging, paper, protocols
from ml.speech_emotion.dataset import Clips, Fold
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.recipe import Prepared, Recipe
from ml.training import checkpoint, convert, loop
from ml.training.backend import half_products, keras
from ml.training.errors import TrainingError
from ml.training.evaluation import FILE, Stored, curve
from ml.training.metrics import Floats
from ml.training.options import Options

RECIPES: Final = {
    "compact-v2": compact_functionals.RECIPE,
    "compact-v1": compact.RECIPE,
    "paper-v1": paper.RECIPE,
}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}

READERS: Final = {
    front_ends.LOG_MEL: compact.RECIPE,
    front_ends.LOG_MEL_FUNCTIONALS: compact_functionals.RECIPE,
    front_ends.MEAN_MFCC: paper.RECIPE,
}
"""The recipe that reads the clips for each kind of features."""

PROTOCOLS: Final = ("speaker", "random")

# A split of evaluate_model to the stored measurement it stands for; "train" is measured anew.
STORED: Final = {"public": "ravdess_speaker_validation", "private": "ravdess_speaker_independent"}


def train(options: Options) -> Artifact | None:
    """Run the protocols, train on all actors and write the version; with ``options.protocol`` run that one only."""
    if options.protocol is not None and options.protocol not in PROTOCOLS:
        raise TrainingError(f"There is no protocol '{options.protocol}'; there are {', '.join(PROTOCOLS)}.")
    recipe = RECIPES[options.version]
    clips = recipe.load(options.data, room_folder(options.work))
    folder = version_folder(options)
    if options.resume or options.package_only:
        protocols.restore(options.output / SPEECH_EMOTION / options.version / protocols.KEPT, folder)
    if options.protocol is not None:
        run_protocol(recipe, clips, options.protocol, options)
        return None
    if not options.package_only:
        for protocol in PROTOCOLS:
            run_protocol(recipe, clips, protocol, options)
    speaker = protocols.read(clips, folder, "speaker", len(dataset.SPEAKER_FOLDS))
    random = protocols.read(clips, folder, "random", dataset.RANDOM_FOLDS, partial=True)
    epochs = packaging.final_epochs(speaker)
    model, prepared = train_on_all(recipe, clips, epochs, options)
    return packaging.write(
        recipe,
        model,
        clips,
        prepared,
        speaker=speaker,
        random=random,
        kept={protocols.KEPT: protocols.pack(folder)},
        epochs=epochs,
        options=options,
    )


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures for a split: ``train`` is the shipped file on all clips, all of which it was trained on.

    The shipped weights have no unseen clip left. ``private`` and ``public`` are therefore the pooled test and
    validation predictions of the speaker-independent folds as stored when the version was made, with the shipped
    file's own figures on its training data beside them. A version without stored figures is measured on all clips.
    """
    recipe = _recipe_of(artifact)
    clips = recipe.load(data, room_folder(work))
    probabilities = _predict(recipe, artifact, clips)
    if not (artifact.folder / FILE).is_file():
        # Brought as a file: there are no folds, and no split that it can be said not to have seen.
        brought = packaging.measure_brought(clips, probabilities).to_json()
        return brought | {"reliability": curve(clips.truth, probabilities)}
    seen = packaging.measure_training_data(clips, probabilities).to_json()
    if split == "train":
        return seen
    try:
        measured = Stored.read(artifact.folder).measured
    except (OSError, ValueError, KeyError) as error:
        raise TrainingError(f"The stored figures of {artifact.folder.name} cannot be read ({error}).") from error
    by_key = {row["key"]: row for row in measured}
    result = dict(by_key[STORED[split]])
    result["training_data"] = seen
    return result


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 8) of neutral clips of the folds' inner validation actors, whom their networks never heard."""
    clips = dataset.listing(data)
    with tempfile.TemporaryDirectory() as folder:
        protocols.restore(artifact.folder / protocols.KEPT, Path(folder))
        runs = protocols.read(clips, Path(folder), "speaker", len(dataset.SPEAKER_FOLDS))
    pools = [run.validation for run in runs]
    raw = np.concatenate([pool.probabilities[pool.truth == LABELS.index("neutral")] for pool in pools])
    return calibrate(raw.astype(np.float32), artifact.manifest.temperature)


def _recipe_of(artifact: Artifact) -> Recipe:
    """The recipe whose features a version reads, whoever trained it."""
    features = artifact.manifest.preprocessing.get("features", front_ends.MEAN_MFCC)
    return READERS[features]


def _predict(recipe: Recipe, artifact: Artifact, clips: Clips) -> Any:
    front_end = artifact.manifest.preprocessing
    inputs = recipe.read(clips, front_end)
    used = convert.used_outputs(Network(artifact).predict(inputs), len(LABELS))
    return convert.in_order(used, artifact.manifest.labels, LABELS)


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
            run_fold(recipe, clips, fold, folder, options, title)


def run_fold(recipe: Recipe, clips: Clips, fold: Fold, folder: Path, options: Options, title: str) -> None:
    """Train one fold, choose its epoch on its validation clips, store its test and validation predictions: of the
    clips as they are and, for the test clips, under each condition."""
    index: dict[str, Any] = {"test_index": fold.test, "validation_index": fold.validation}
    partner = recipe.partner
    # First of all: without them training would be for nothing.
    partners = partner.predictions(room_folder(options.work), folder.name, index) if partner else {}
    prepared = recipe.prepare(clips, fold.train)
    model = compiled(recipe, options.seed)
    history = loop.fit(
        model,
        train=prepared.batches(fold.train, seed=options.seed),
        validation=loop.Validation(prepared.inputs(fold.validation), clips.truth[fold.validation]),
        epochs=options.epochs or recipe.epochs,
        folder=folder,
        schedule=recipe.schedule,
        selection=recipe.selection,
        resume=options.resume,
        checkpoint_every=10,
        title=f"{SPEECH_EMOTION} {title}",
    )
    exact = _best(recipe, folder)
    rows = {"test": prepared.inputs(fold.test), "validation": prepared.inputs(fold.validation)}
    rows |= {protocols.CHANGED + name: inputs for name, inputs in prepared.changed(fold.test).items()}
    predictions = {
        name: convert.used_outputs(loop.predict(exact, inputs), len(LABELS)) for name, inputs in rows.items()
    }
    if partner:
        predictions = partner.mean(predictions, partners)
    np.savez(
        folder / protocols.PREDICTIONS,
        best_epoch=loop.best_epoch(history, recipe.selection).epoch,
        **(index | predictions),
    )


def train_on_all(recipe: Recipe, clips: Clips, epochs: int, options: Options) -> tuple[Any, Prepared]:
    """The shipped network: trained on all actors for ``epochs``, the last epoch kept, with its partner's if any."""
    everyone = np.arange(len(clips.truth))
    prepared = recipe.prepare(clips, everyone)
    folder = version_folder(options) / protocols.ALL_ACTORS
    model = compiled(recipe, options.seed)
    # Nobody is left to validate on: two actors of the training set only show that training goes on.
    shown = np.flatnonzero(clips.actors <= 2)
    loop.fit(
        model,
        train=prepared.batches(everyone, seed=options.seed),
        validation=loop.Validation(prepared.inputs(shown), clips.truth[shown]),
        epochs=epochs,
        folder=folder,
        schedule=recipe.schedule,
        selection=loop.latest,
        resume=options.resume or options.package_only,
        checkpoint_every=10,
        title=f"{SPEECH_EMOTION} all actors",
    )
    own = _best(recipe, folder)
    return (recipe.partner.together(own, room_folder(options.work)) if recipe.partner else own), prepared


def compiled(recipe: Recipe, seed: int) -> Any:
    """A recipe's network with its optimizer, seeded."""
    keras().utils.set_random_seed(seed)
    with half_products() if recipe.half_products else contextlib.nullcontext():
        model = recipe.build()
    recipe.compile(model)
    return model


def _best(recipe: Recipe, folder: Path) -> Any:
    exact = recipe.build()
    checkpoint.load_best(folder, exact)
    return exact
