"""Training and measuring the speech networks on RAVDESS.

Two protocols, always both, always labelled: speaker-independent folds, and random folds over clips as the paper ran
(which flatter, because each speaker stands on both sides). The shipped weights are trained afterwards on all actors,
for the median of the epochs that the speaker-independent folds ran to, with the temperature of their pooled
validation predictions. What distinguishes the versions is in their recipes.
"""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.runtime import Network
from ml.speech_emotion import dataset, figures, front_ends, packaging, paper, protocols
from ml.speech_emotion.compact import recipe as compact
from ml.speech_emotion.dataset import Clips, Listing
from ml.speech_emotion.fitting import make_on_all, room_folder, run_protocol, version_folder
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.protocols import Run
from ml.speech_emotion.recipe import Recipe
from ml.training import convert
from ml.training.errors import TrainingError
from ml.training.evaluation import curve
from ml.training.metrics import Floats
from ml.training.options import Options

RECIPES: Final = {"compact-v3": compact.RECIPE, "paper-v1": paper.RECIPE}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}

READERS: Final = {front_ends.LOG_MEL_VOICE: compact.RECIPE, front_ends.MEAN_MFCC: paper.RECIPE}
"""The recipe that reads the clips for each kind of features."""

SEEDS: Final = {"speaker": 3, "random": 1}
"""The protocols, and with how many seeds each is run: the first is ``options.seed``, the others follow it."""

FIGURES: Final = {"public": figures.VALIDATION, "private": figures.SPEAKER}
"""A split of evaluate_model to the figure of the folds that it stands for."""


def train(options: Options) -> Artifact | None:
    """Run the protocols with all their seeds, train on all actors and write the version; with ``options.protocol`` run
    that one only, with ``options.seed`` alone."""
    if options.protocol is not None and options.protocol not in SEEDS:
        raise TrainingError(f"There is no protocol '{options.protocol}'; there are {', '.join(SEEDS)}.")
    recipe = RECIPES[options.version]
    clips = recipe.load(options.data, room_folder(options.work))
    folder = version_folder(options)
    if options.resume or options.package_only:
        protocols.restore(options.output / SPEECH_EMOTION / options.version / protocols.KEPT, folder)
    if options.protocol is not None:
        run_protocol(recipe, clips, options.protocol, options)
        return None
    if not options.package_only:
        for protocol, seeds in SEEDS.items():
            for seed in range(options.seed, options.seed + seeds):
                run_protocol(recipe, clips, protocol, replace(options, seed=seed))
    speaker, random = _runs(clips, folder)
    epochs = packaging.final_epochs(speaker)
    shares = packaging.final_shares(speaker)
    model, prepared = make_on_all(recipe, clips, epochs, shares, options)
    return packaging.write(
        recipe,
        model,
        clips,
        prepared,
        speaker=speaker,
        random=random,
        kept={protocols.KEPT: protocols.pack(folder)},
        epochs=epochs,
        shares=shares,
        options=options,
    )


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures for a split: ``train`` is the shipped file on all clips, all of which it was trained on.

    The shipped weights have no unseen clip left. ``private`` and ``public`` are therefore computed from the test and
    validation predictions of the speaker-independent folds that are kept with the version, with the shipped file's
    own figures on its training data beside them. A version without folds is measured on all clips.
    """
    recipe = _recipe_of(artifact)
    clips = recipe.load(data, room_folder(work))
    probabilities = _predict(recipe, artifact, clips)
    if not (artifact.folder / protocols.KEPT).is_file():
        # Brought as a file: there is no split that it can be said not to have seen.
        brought = figures.of_brought(clips, probabilities).to_json()
        return brought | {"reliability": curve(clips.truth, probabilities)}
    seen = figures.of_training_data(clips, probabilities).to_json()
    if split == "train":
        return seen
    kept = figures.of_folds(*_kept_runs(artifact, dataset.listing(data)), artifact.manifest.temperature)
    (figure,) = (measured for measured in kept if measured.key == FIGURES[split])
    return figure.to_json() | {"training_data": seen}


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 8) of neutral clips of the folds' inner validation actors, whom their networks never heard."""
    speaker, _ = _kept_runs(artifact, dataset.listing(data))
    pool = figures.calibrated(figures.validation_of(speaker), artifact.manifest.temperature)
    return np.asarray(pool.probabilities[pool.truth == LABELS.index("neutral")])


def _kept_runs(artifact: Artifact, clips: Listing) -> tuple[list[Run], list[Run]]:
    """The runs of both protocols that are kept with a version."""
    with tempfile.TemporaryDirectory() as folder:
        protocols.restore(artifact.folder / protocols.KEPT, Path(folder))
        return _runs(clips, Path(folder))


def _runs(clips: Clips | Listing, folder: Path) -> tuple[list[Run], list[Run]]:
    return (
        protocols.read(clips, folder, "speaker", len(dataset.SPEAKER_FOLDS)),
        protocols.read(clips, folder, "random", dataset.RANDOM_FOLDS, partial=True),
    )


def _recipe_of(artifact: Artifact) -> Recipe:
    """The recipe whose features a version reads, whoever trained it."""
    features = artifact.manifest.preprocessing.get("features", front_ends.MEAN_MFCC)
    return READERS[features]


def _predict(recipe: Recipe, artifact: Artifact, clips: Clips) -> Any:
    front_end = artifact.manifest.preprocessing
    inputs = recipe.read(clips, front_end)
    used = convert.used_outputs(Network(artifact).predict(inputs), len(LABELS))
    return convert.in_order(used, artifact.manifest.labels, LABELS)
