"""Training and evaluation of the speech versions on RAVDESS and, where a recipe names them, on other corpora.

Two protocols are run for every version: speaker-independent folds, and the paper's random folds over clips, whose
results are too good, because each speaker is in the training and in the test set. The shipped weights are trained
afterwards on all clips, with the temperature of the folds' pooled validation predictions. What distinguishes the
versions is in their recipes.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.arrays import Floats
from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network
from ml.speech_emotion.features import front_ends
from ml.speech_emotion.labels import LABELS
from ml.training import convert
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Clips, Listing
from ml.training.errors import TrainingError
from ml.training.evaluation import curve
from ml.training.options import Options
from ml.training.speech_emotion import cross_validation, evaluation, fold_predictions, packaging, paper
from ml.training.speech_emotion.encoder import recipe as encoder
from ml.training.speech_emotion.evaluation import Runs
from ml.training.speech_emotion.recipe import Recipe

RECIPES: Final = {"encoder-v1": encoder.RECIPE, "paper-v1": paper.RECIPE}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}

RECIPE_BY_FEATURES: Final = {front_ends.LOG_MEL: encoder.RECIPE, front_ends.MEAN_MFCC: paper.RECIPE}
"""The recipe that makes a version's inputs from the clips, by the version's features."""

SPLIT_RESULTS: Final = {"public": evaluation.VALIDATION, "private": evaluation.SPEAKER}
"""A split of evaluate_model to the result of the folds that stands for it."""


def train(options: Options) -> Artifact | None:
    """Run the protocols with all their seeds, train on all clips and write the version; with ``options.protocol`` run
    that one only, with ``options.seed`` alone."""
    recipe = RECIPES[options.version]
    keys = [protocol.key for protocol in recipe.protocols]
    if options.protocol is not None and options.protocol not in keys:
        raise TrainingError(f"There is no protocol '{options.protocol}'; there are {', '.join(keys)}.")
    clips = recipe.load(options.data, cross_validation.modality_folder(options.work))
    counter = cross_validation.TrainingCounter.of(recipe, clips)
    folder = cross_validation.version_folder(options)
    if options.resume or options.package_only:
        fold_predictions.restore(
            options.output / SPEECH_EMOTION / options.version / fold_predictions.FOLDS_FILE, folder
        )
    if options.protocol is not None:
        cross_validation.run_protocol(recipe, clips, recipe.protocol(options.protocol), options, counter)
        return None
    if not options.package_only:
        for protocol in recipe.protocols:
            for seed in range(options.seed, options.seed + protocol.seeds):
                cross_validation.run_protocol(recipe, clips, protocol, replace(options, seed=seed), counter)
    runs = _runs(recipe, clips, folder)
    if not runs["speaker"]:
        raise TrainingError(f"No run of the protocol 'speaker' is complete in {folder}: train first.")
    epochs = packaging.final_epochs(runs["speaker"])
    model, prepared = cross_validation.train_on_all_clips(recipe, clips, epochs, options, counter)
    trained = packaging.TrainedVersion(
        model,
        prepared.preprocessing,
        recipe.ravdess_inputs(clips, prepared.preprocessing),
        runs,
        epochs,
        {fold_predictions.FOLDS_FILE: fold_predictions.pack(folder)},
    )
    return packaging.write(recipe, clips, trained, options)


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """The result of a split: ``train`` is the shipped file on all clips of RAVDESS, all of which it was trained on.

    No clip is unseen by the shipped weights. So ``private`` and ``public`` are computed from the test and validation
    predictions of the speaker-independent folds that ship with the version, with the shipped file's own result on its
    training data beside them. A version without folds is measured on all clips.
    """
    recipe = _recipe_of(artifact)
    clips = recipe.load(data, cross_validation.modality_folder(work))
    probabilities = _predict(recipe, artifact, clips)
    if not (artifact.folder / fold_predictions.FOLDS_FILE).is_file():
        # An uploaded file: it may have been trained on any clip.
        result = evaluation.uploaded_file_result(clips, probabilities).to_json()
        return result | {"reliability": curve(clips.truth[clips.of(RAVDESS)], probabilities)}
    training_data = evaluation.training_data_result(clips, probabilities).to_json()
    if split == "train":
        return training_data
    results = evaluation.fold_results(stored_runs(artifact, clips), clips, artifact.manifest.temperature)
    (measured,) = (one for one in results if one.key == SPLIT_RESULTS[split])
    return measured.to_json() | {"training_data": training_data}


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Calibrated probabilities (n, 8) of the neutral clips of the folds' inner validation actors, on whom the networks
    of the folds were not trained; n is 0 for a version without folds."""
    speaker = stored_runs(artifact, listing(artifact, data))["speaker"]
    if not speaker:
        return np.zeros((0, len(LABELS)), np.float32)
    validation = evaluation.calibrated(evaluation.pooled_validation(speaker), artifact.manifest.temperature)
    return np.asarray(validation.probabilities[validation.truth == LABELS.index("neutral")])


def class_prior(artifact: Artifact, data: Path, work: Path) -> None:
    """None: no prior of use is known."""


def listing(artifact: Artifact, data: Path) -> Listing:
    """The clips that the indices in a version's fold predictions count. Raises ``TrainingError``."""
    return _recipe_of(artifact).listing(data)


def stored_runs(artifact: Artifact, clips: Listing) -> Runs:
    """The runs of every protocol, from the fold predictions that ship with a version."""
    with tempfile.TemporaryDirectory() as folder:
        fold_predictions.restore(artifact.folder / fold_predictions.FOLDS_FILE, Path(folder))
        return _runs(_recipe_of(artifact), clips, Path(folder))


def _runs(recipe: Recipe, clips: Listing, folder: Path) -> Runs:
    return {protocol.key: fold_predictions.read(clips, folder, protocol) for protocol in recipe.protocols}


def _recipe_of(artifact: Artifact) -> Recipe:
    """The recipe with the features of a version, which may have been trained elsewhere."""
    features = artifact.manifest.preprocessing.get("features", front_ends.MEAN_MFCC)
    return RECIPE_BY_FEATURES[features]


def _predict(recipe: Recipe, artifact: Artifact, clips: Clips) -> Any:
    inputs = recipe.ravdess_inputs(clips, artifact.manifest.preprocessing)
    used = convert.used_outputs(Network(artifact).predict(inputs), len(LABELS))
    return convert.in_order(used, artifact.manifest.labels, LABELS)
