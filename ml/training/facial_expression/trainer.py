"""Training and evaluation of the facial-expression networks on FER2013.

Networks train on Training; epoch, learning rate and temperature are chosen on PublicTest; PrivateTest is the test. The
versions differ in their recipes.
"""

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact
from ml.class_prior import ClassPrior
from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import INPUT, to_inputs
from ml.modalities import FACIAL_EXPRESSION
from ml.runtime import Network
from ml.training import checkpoint, convert, loop, package
from ml.training.backend import keras, mixed_bfloat16
from ml.training.checkpoint import EpochRecord
from ml.training.datasets import fer2013
from ml.training.datasets.fer2013 import Split
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, Notes, curve
from ml.training.facial_expression import compact, conversation, evaluation, paper, robust
from ml.training.facial_expression.crop_framing import Predict
from ml.training.facial_expression.recipe import Recipe
from ml.training.metrics import Floats
from ml.training.options import Options
from ml.training.package import Description, Trained

RECIPES: Final[dict[str, Recipe]] = {
    "compact-v2": robust.RECIPE,
    "compact-v1": compact.RECIPE,
    "paper-v1": paper.RECIPE,
}
VERSIONS: Final = {version: recipe.needs for version, recipe in RECIPES.items()}

PROTOCOL: Final = "trained on Training, chosen on PublicTest, measured once on PrivateTest"


def train(options: Options) -> Artifact:
    """Train a version (or continue, or only package it) and write it to ``options.output``.

    The versions that it requires are trained before, from their last checkpoint on.
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
    network = recipe.build()
    checkpoint.load_best(folder, network)
    inputs = to_inputs(validation.images)
    facts = package.training_facts(
        history,
        epochs=recipe.epochs,
        batch_size=recipe.batch_size,
        optimizer=recipe.optimizer,
        seed=options.seed,
        selection=recipe.selection,
    )
    trained = Trained(
        Description(
            modality=FACIAL_EXPRESSION,
            name=recipe.name,
            version=options.version,
            input=INPUT.to_manifest(),
            labels=LABELS,
            data=recipe.data,
            licence=recipe.licence,
            protocol=PROTOCOL,
            training=facts,
        ),
        model=recipe.assemble(network, options.work / FACIAL_EXPRESSION),
        samples=inputs[:64],
        validation=lambda predict: (validation.truth, predict(inputs)),
        history=history,
        notes=_notes(recipe, facts, options.version),
        half_precision=not recipe.eight_bit,
        eight_bit=recipe.eight_bit,
    )
    return package.package(
        trained,
        lambda predict, _: evaluation.everything(lambda crops: predict(to_inputs(crops)), options.data),
        weights=options.output,
    )


def evaluate(artifact: Artifact, data: Path, split: str, work: Path) -> dict[str, Any]:
    """Scores of the file on one split of FER2013, on all pictures and without those seen in training."""
    faces = fer2013.load(data, split)
    probabilities = predictor(artifact)(faces.images)
    result = evaluation.single_crop(split, faces, probabilities).to_json()
    result["reliability"] = curve(faces.truth, probabilities)
    if split != "train":
        result["deduplicated"] = evaluation.deduplicated(split, faces, probabilities).to_json()
    return result


def evaluate_all(artifact: Artifact, data: Path, work: Path) -> Evaluation:
    """All results of the card, of the file. Raises :class:`TrainingError` without the data."""
    return evaluation.everything(predictor(artifact), data)


def predictor(artifact: Artifact) -> Predict:
    """From crops uint8 (n, 48, 48) to a version's probabilities (n, 7), in the order of ``LABELS``."""
    network = Network(artifact)
    return lambda crops: convert.in_order(network.predict(to_inputs(crops)), artifact.manifest.labels, LABELS)


def neutral(artifact: Artifact, data: Path, work: Path) -> Floats:
    """Probabilities (n, 7) of PublicTest's neutral faces."""
    faces = fer2013.load(data, "public")
    return np.asarray(predictor(artifact)(faces.images)[faces.truth == LABELS.index("neutral")])


def class_prior(artifact: Artifact, data: Path, work: Path) -> ClassPrior:
    """Training: the mean probabilities of PublicTest, which is distributed as Training. Use: conversation."""
    faces = fer2013.load(data, "public")
    mean = convert.in_order(predictor(artifact)(faces.images).mean(axis=0)[None], LABELS, artifact.manifest.labels)[0]
    use = dict(zip(LABELS, conversation.shares(), strict=True))
    return ClassPrior(
        training=tuple(round(float(share), 4) for share in mean),
        use=tuple(use[label] for label in artifact.manifest.labels),
        source=conversation.SOURCE,
    )


def _fit(version: str, training: Split, validation: Split, options: Options) -> list[EpochRecord]:
    recipe = RECIPES[version]
    batches = recipe.batches(options.data, training, options.seed)
    keras().utils.set_random_seed(options.seed)
    with mixed_bfloat16() if recipe.mixed_precision else contextlib.nullcontext():
        model = recipe.build()
    recipe.compile(model)
    return loop.fit(
        model,
        train=batches,
        validation=loop.Validation(recipe.inputs(validation.images), validation.truth),
        epochs=options.epochs or recipe.epochs,
        folder=options.work / FACIAL_EXPRESSION / version,
        schedule=recipe.schedule,
        selection=recipe.selection,
        evaluation_weights=recipe.evaluation_weights(training),
        resume=options.resume,
        title=f"{FACIAL_EXPRESSION} {version}",
    )


def _notes(recipe: Recipe, facts: dict[str, Any], version: str) -> Notes:
    ran, asked = facts["epochs_run"], facts["epochs_prescribed"]
    resume = f" `train_model facial_expression --version {version} --resume` goes on wherever its checkpoint is kept."
    last = recipe.selection is loop.latest
    chosen = "the last" if last else f"epoch {facts['best_epoch']} was the best on PublicTest and"
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(
            f"{ran} of the {asked} prescribed epochs were run; {chosen} is what ships."
            + ("" if ran >= asked else resume),
            f"Batch size {facts['batch_size']}, {facts['optimizer']}, seed {facts['seed']}.",
            *recipe.notes,
            "Every crop is standardised over its own pixels, in training and in serving.",
        ),
    )
