"""Training and evaluation of the eye-emotion networks. The versions differ in their recipes."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.class_prior import ClassPrior
from ml.eye_emotion.labels import FROM_FER2013, LABELS, NONE
from ml.modalities import EYE_EMOTION
from ml.runtime import Network
from ml.training import checkpoint, convert, loop, package
from ml.training.datasets import eye_strips
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, Notes
from ml.training.eye_emotion import compact, paper
from ml.training.eye_emotion.recipe import Predict, Recipe
from ml.training.facial_expression import conversation
from ml.training.metrics import Floats
from ml.training.options import Options
from ml.training.package import Description, Trained

RECIPES: Final[dict[str, Recipe]] = {"compact-v2": compact.RECIPE, "paper-v1": paper.RECIPE}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}


def train(options: Options) -> Artifact:
    """Train a version (or continue, or only package it) and write it to ``options.output``."""
    recipe = RECIPES[options.version]
    prepared = recipe.prepare(options)
    folder = options.work / EYE_EMOTION / options.version
    if options.package_only:
        history = checkpoint.load_history(folder)
    else:
        history = loop.fit(
            prepared.network,
            train=prepared.batches,
            validation=prepared.validation,
            epochs=options.epochs or recipe.epochs,
            folder=folder,
            schedule=recipe.schedule,
            evaluation_weights=prepared.evaluation_weights,
            resume=options.resume,
            title=f"{EYE_EMOTION} {options.version}",
        )
    if not history:
        raise TrainingError(f"There is no checkpoint in {folder} to package: train first.")
    checkpoint.load_best(folder, prepared.network)
    facts = package.training_facts(
        history,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        optimizer=recipe.optimizer,
        seed=options.seed,
    )
    trained = Trained(
        Description(
            modality=EYE_EMOTION,
            name=recipe.name,
            version=options.version,
            input=recipe.input.to_manifest(),
            labels=recipe.labels,
            data=prepared.data,
            licence=recipe.licence,
            protocol=recipe.protocol,
            training=facts,
        ),
        model=prepared.assemble(prepared.network),
        samples=prepared.samples,
        validation=lambda predict: (prepared.validation.truth, prepared.probabilities(prepared.network, predict)),
        history=history,
        notes=_notes(recipe, facts),
        half_precision=recipe.half_precision,
    )
    return package.package(
        trained,
        lambda predict, _: recipe.evaluate_all(
            lambda pictures: predict(recipe.to_inputs(pictures)), options.data, options.work / EYE_EMOTION
        ),
        weights=options.output,
        largest_bytes=recipe.largest_bytes,
    )


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Scores of the file on a split of the data of its recipe."""
    return _recipe_of(artifact).evaluate(predictor(artifact), data, split, work / EYE_EMOTION)


def evaluate_all(artifact: Artifact, data: Path, work: Path) -> Evaluation:
    """All results of the card, of the file. Raises :class:`TrainingError` without the data."""
    return _recipe_of(artifact).evaluate_all(predictor(artifact), data, work / EYE_EMOTION)


def predictor(artifact: Artifact) -> Predict:
    """From the pictures that a version takes (uint8) to its probabilities (n, labels), in the order of its recipe."""
    network, recipe = Network(artifact), _recipe_of(artifact)
    return lambda pictures: convert.in_order(
        network.predict(recipe.to_inputs(pictures)), artifact.manifest.labels, recipe.labels
    )


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, labels) of the strips of PublicTest's neutral faces; none for a version with another input."""
    return _recipe_of(artifact).neutral(predictor(artifact), data, work / EYE_EMOTION)


def class_prior(artifact: Artifact, data: Path, work: Path) -> ClassPrior | None:
    """Training: the mean probabilities of PublicTest's strips. Use: conversation, whose neutral is "none". None for a
    version with another input."""
    if sorted(artifact.manifest.labels) != sorted(LABELS):
        return None
    strips = eye_strips.fer2013_strips(data, "public", work / EYE_EMOTION)
    mean = predictor(artifact)(strips.strips).mean(axis=0)
    both = np.stack([mean, np.array(conversation.shares())[list(FROM_FER2013)]])
    training, use = convert.in_order(both, LABELS, artifact.manifest.labels)
    return ClassPrior(
        training=tuple(round(float(share), 4) for share in training),
        use=tuple(round(float(share), 4) for share in use),
        source=f'{conversation.SOURCE}; its neutral is "{NONE}" here',
    )


def _recipe_of(artifact: Artifact) -> Recipe:
    """The recipe with the input of a version, whoever trained that."""
    shape = tuple(artifact.manifest.input["shape"])
    return next((recipe for recipe in RECIPES.values() if recipe.input.shape == shape), compact.RECIPE)


def _notes(recipe: Recipe, facts: dict[str, Any]) -> Notes:
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(
            f"{facts['epochs_run']} of {facts['epochs_prescribed']} epochs; epoch {facts['best_epoch']} was best on "
            f"{recipe.validated_on} and ships.",
            f"Batch size {facts['batch_size']}, {facts['optimizer']}, seed {facts['seed']}.",
            *recipe.notes,
        ),
    )
