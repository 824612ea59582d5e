"""Training and measuring the facial-expression networks on FER2013.

Train on Training, choose everything (epoch, learning rate, temperature) on PublicTest, measure PrivateTest once, in
:mod:`ml.training.facial_expression.packaging`. What distinguishes the versions is in their recipes.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import to_inputs
from ml.modalities import FACIAL_EXPRESSION
from ml.runtime import Network
from ml.training import checkpoint, convert, loop
from ml.training.backend import keras, mixed_bfloat16
from ml.training.checkpoint import EpochRecord
from ml.training.datasets import fer2013
from ml.training.datasets.fer2013 import Split
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, curve
from ml.training.facial_expression import compact, evaluation, packaging, paper
from ml.training.facial_expression.crop_framing import Read
from ml.training.facial_expression.recipe import Recipe
from ml.training.metrics import Floats
from ml.training.options import Options

RECIPES: Final[dict[str, Recipe]] = {"compact-v1": compact.RECIPE, "paper-v1": paper.RECIPE}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}


def train(options: Options) -> Artifact:
    """Train a version (or continue, or only package it) and write it to ``options.output``.

    A version that ships together with another one trains that one first, as far as its checkpoint does not go yet.
    """
    recipe = RECIPES[options.version]
    training, validation = (fer2013.load(options.data, split) for split in ("train", "public"))
    folder = options.work / FACIAL_EXPRESSION / options.version
    if options.package_only:
        history = checkpoint.load_history(folder)
    else:
        for required in recipe.requires:
            _fit(required, training, validation, replace(options, resume=True))
        history = _fit(options.version, training, validation, options)
    if not history:
        raise TrainingError(f"There is no checkpoint in {folder} to package: train first.")
    exact = recipe.build()
    checkpoint.load_best(folder, exact)
    complete = recipe.assemble(exact, options.work / FACIAL_EXPRESSION)
    return packaging.package_version(recipe, complete, history, validation, options)


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Figures of the shipped file on one split of FER2013, on all pictures and without those seen in training."""
    faces = fer2013.load(data, split)
    probabilities = reader(artifact)(faces.images)
    result = evaluation.single_crop(split, faces, probabilities).to_json()
    result["reliability"] = curve(faces.truth, probabilities)
    if split != "train":
        result["deduplicated"] = evaluation.deduplicated(split, faces, probabilities).to_json()
    return result


def measure(artifact: Artifact, data: Path, work: Path) -> Evaluation:
    """All figures of the card, of the shipped file. Raises :class:`TrainingError` without the data."""
    return evaluation.everything(reader(artifact), data)


def reader(artifact: Artifact) -> Read:
    """From crops uint8 (n, 48, 48) to what a version says of them: probabilities (n, 7) in our labels' order."""
    network = Network(artifact)
    return lambda crops: convert.in_order(network.predict(to_inputs(crops)), artifact.manifest.labels, LABELS)


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 7) of PublicTest's neutral faces."""
    faces = fer2013.load(data, "public")
    return np.asarray(reader(artifact)(faces.images)[faces.truth == LABELS.index("neutral")])


def _fit(version: str, training: Split, validation: Split, options: Options) -> list[EpochRecord]:
    recipe = RECIPES[version]
    batches = recipe.batches(options.data, training, options.seed)
    keras().utils.set_random_seed(options.seed)
    with mixed_bfloat16():
        model = recipe.build()
    recipe.compile(model)
    return loop.fit(
        model,
        train=batches,
        validation=loop.Validation(to_inputs(validation.images), validation.truth),
        epochs=options.epochs or recipe.epochs,
        folder=options.work / FACIAL_EXPRESSION / version,
        schedule=recipe.schedule,
        evaluation_weights=recipe.evaluation_weights(training),
        resume=options.resume,
        title=f"{FACIAL_EXPRESSION} {version}",
    )
