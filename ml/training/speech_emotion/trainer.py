"""Training and measuring the speech networks on RAVDESS and, where a version asks for them, on other corpora.

Two protocols are always run and always labelled: speaker-independent folds, and random folds over clips as the paper
ran (which flatter, because each speaker is in the training and in the test set). The shipped weights are trained
afterwards on all clips, with the temperature of the folds' pooled validation predictions. What distinguishes the
versions is in their recipes.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network
from ml.speech_emotion.features import front_ends
from ml.speech_emotion.labels import LABELS
from ml.training import convert
from ml.training.datasets.ravdess import RAVDESS, Clips, Listing
from ml.training.errors import TrainingError
from ml.training.evaluation import curve
from ml.training.metrics import Floats
from ml.training.options import Options
from ml.training.speech_emotion import cross_validation, evaluation, fold_predictions, packaging, paper
from ml.training.speech_emotion.encoder import recipe as encoder
from ml.training.speech_emotion.evaluation import Runs
from ml.training.speech_emotion.recipe import Recipe

RECIPES: Final = {"encoder-v1": encoder.RECIPE, "paper-v1": paper.RECIPE}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}

READERS: Final = {front_ends.LOG_MEL: encoder.RECIPE, front_ends.MEAN_MFCC: paper.RECIPE}
"""The recipe that reads the clips for each kind of features."""

FIGURES: Final = {"public": evaluation.VALIDATION, "private": evaluation.SPEAKER}
"""A split of evaluate_model to the figure of the folds that it stands for."""


def train(options: Options) -> Artifact | None:
    """Run the protocols with all their seeds, train on all clips and write the version; with ``options.protocol`` run
    that one only, with ``options.seed`` alone."""
    recipe = RECIPES[options.version]
    known = [protocol.key for protocol in recipe.protocols]
    if options.protocol is not None and options.protocol not in known:
        raise TrainingError(f"There is no protocol '{options.protocol}'; there are {', '.join(known)}.")
    clips = recipe.load(options.data, cross_validation.room_folder(options.work))
    parts = cross_validation.Parts.of(recipe, clips)
    folder = cross_validation.version_folder(options)
    if options.resume or options.package_only:
        fold_predictions.restore(options.output / SPEECH_EMOTION / options.version / fold_predictions.KEPT, folder)
    if options.protocol is not None:
        cross_validation.run_protocol(recipe, clips, recipe.protocol(options.protocol), options, parts)
        return None
    if not options.package_only:
        for protocol in recipe.protocols:
            for seed in range(options.seed, options.seed + protocol.seeds):
                cross_validation.run_protocol(recipe, clips, protocol, replace(options, seed=seed), parts)
    runs = _runs(recipe, clips, folder)
    if not runs["speaker"]:
        raise TrainingError(f"No run of the protocol 'speaker' is complete in {folder}: train first.")
    epochs = packaging.final_epochs(runs["speaker"])
    model, prepared = cross_validation.fit_on_all(recipe, clips, epochs, options, parts)
    fitted = packaging.Fitted(
        model,
        prepared.preprocessing,
        recipe.read(clips, prepared.preprocessing),
        runs,
        epochs,
        {fold_predictions.KEPT: fold_predictions.pack(folder)},
    )
    return packaging.write(recipe, clips, fitted, options)


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures for a split: ``train`` is the shipped file on all clips of RAVDESS, all of which it was trained on.

    The shipped weights have no unseen clip left. ``private`` and ``public`` are therefore computed from the test and
    validation predictions of the speaker-independent folds that are kept with the version, with the shipped file's
    own figures on its training data beside them. A version without folds is measured on all clips.
    """
    recipe = _recipe_of(artifact)
    clips = recipe.load(data, cross_validation.room_folder(work))
    probabilities = _predict(recipe, artifact, clips)
    if not (artifact.folder / fold_predictions.KEPT).is_file():
        # An uploaded file: there is no split that it can be said not to have seen.
        brought = evaluation.of_brought(clips, probabilities).to_json()
        return brought | {"reliability": curve(clips.truth[clips.of(RAVDESS)], probabilities)}
    seen = evaluation.of_training_data(clips, probabilities).to_json()
    if split == "train":
        return seen
    kept = evaluation.of_folds(kept_runs(artifact, clips), clips, artifact.manifest.temperature)
    (figure,) = (measured for measured in kept if measured.key == FIGURES[split])
    return figure.to_json() | {"training_data": seen}


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 8) of neutral clips of the folds' inner validation actors, whom their networks never heard;
    none for a version without folds."""
    speaker = kept_runs(artifact, listing(artifact, data))["speaker"]
    if not speaker:
        return np.zeros((0, len(LABELS)), np.float32)
    pool = evaluation.calibrated(evaluation.validation_of(speaker), artifact.manifest.temperature)
    return np.asarray(pool.probabilities[pool.truth == LABELS.index("neutral")])


def listing(artifact: Artifact, data: Path) -> Listing:
    """The clips that the kept folds of a version count, in their order. Raises ``TrainingError``."""
    return _recipe_of(artifact).listing(data)


def kept_runs(artifact: Artifact, clips: Listing) -> Runs:
    """The runs of every protocol that are kept with a version."""
    with tempfile.TemporaryDirectory() as folder:
        fold_predictions.restore(artifact.folder / fold_predictions.KEPT, Path(folder))
        return _runs(_recipe_of(artifact), clips, Path(folder))


def _runs(recipe: Recipe, clips: Listing, folder: Path) -> Runs:
    return {protocol.key: fold_predictions.read(clips, folder, protocol) for protocol in recipe.protocols}


def _recipe_of(artifact: Artifact) -> Recipe:
    """The recipe whose features a version reads, whoever trained it."""
    features = artifact.manifest.preprocessing.get("features", front_ends.MEAN_MFCC)
    return READERS[features]


def _predict(recipe: Recipe, artifact: Artifact, clips: Clips) -> Any:
    inputs = recipe.read(clips, artifact.manifest.preprocessing)
    used = convert.used_outputs(Network(artifact).predict(inputs), len(LABELS))
    return convert.in_order(used, artifact.manifest.labels, LABELS)
