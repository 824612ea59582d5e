"""``paper-v1``: the paper's network, a dense head on InceptionV3 and Xception (section 3.2, Figure 2).

The whole network is far larger than what ships and takes about 190 ms per picture on one core. It is for comparison and
does not serve.
"""

from pathlib import Path
from typing import Any, Final

import numpy as np

from ml.eye_emotion.labels import EMOTIONS
from ml.inputs import InputSpec
from ml.modalities import EYE_EMOTION
from ml.training import loop, schedules
from ml.training.backend import keras
from ml.training.datasets import diu
from ml.training.datasets.eye_strips import Pixels
from ml.training.errors import TrainingError
from ml.training.evaluation import Evaluation, EvaluationResult, curve
from ml.training.eye_emotion import backbones, network
from ml.training.eye_emotion.backbones import FeatureBatches
from ml.training.eye_emotion.recipe import Predict, Prepared, Recipe
from ml.training.metrics import Floats, scores
from ml.training.options import Options

EPOCHS: Final = 100
BATCH_SIZE: Final = 64
LEARNING_RATE: Final = 1e-4
"""The paper's "0.01 %" for Adam."""

VALIDATION_SHARE: Final = 0.2
"""Of the training pictures: the DIU set has no validation part."""

INPUT: Final = InputSpec((1, diu.SIDE, diu.SIDE, 3), "350x350 RGB picture of both eyes, 0..255")


def _prepare(options: Options) -> Prepared:
    files = backbones.weight_files(options.backbones)
    pictures = diu.load(options.data, "train")
    k = keras()
    k.utils.set_random_seed(options.seed)
    body, head = backbones.build(files), network.paper_head()
    head.compile(
        optimizer=k.optimizers.Adam(LEARNING_RATE),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        jit_compile=False,
    )
    folder = options.work / EYE_EMOTION / options.version
    features = backbones.cached_features(folder, body, pictures.images, files)
    kept = np.random.default_rng(options.seed).random(len(pictures.truth)) >= VALIDATION_SHARE
    if not kept.any() or kept.all():
        raise TrainingError(f"{options.data} holds too few pictures to keep some for validation.")
    validation = loop.Validation(features[~kept], pictures.truth[~kept])
    return Prepared(
        network=head,
        batches=FeatureBatches(features[kept], pictures.truth[kept], batch_size=BATCH_SIZE, seed=options.seed),
        validation=validation,
        data=f"DIU eye-emotion set, {len(pictures.truth)} training pictures; ImageNet weights of the backbones",
        assemble=lambda trained: k.Model(body.input, trained(body.output)),
        samples=to_inputs(pictures.images[:2]),
        probabilities=lambda trained, predict: loop.predict(trained, validation.inputs),
    )


def to_inputs(images: Pixels) -> Floats:
    """RGB pictures uint8 (n, 350, 350, 3) to float32, 0..255: the backbones in the file do the rest."""
    return images.astype(np.float32)


def _evaluate(predict: Predict, data: Path, split: str, cache: Path) -> dict[str, Any]:
    """Scores on the DIU set's ``train`` or ``test`` (asked for as ``private``)."""
    if split == "public":
        raise TrainingError("The DIU set has no validation part: ask for the split train or private (its test).")
    pictures = diu.load(data, "test" if split == "private" else "train")
    probabilities = predict(pictures.images)
    return _result(pictures, split, probabilities).to_json() | {"reliability": curve(pictures.truth, probabilities)}


def _evaluate_all(predict: Predict, data: Path, cache: Path) -> Evaluation:
    test = diu.load(data, "test")
    probabilities = predict(test.images)
    result = _result(test, "private", probabilities)
    return Evaluation(
        results=(result,),
        truth=test.truth,
        probabilities=probabilities,
        headline={"diu_test_accuracy": round(result.scores.accuracy, 4)},
        extra={},
        limits=("408 pictures, some of one person in both parts: figures on it are uncertain by several points.",),
    )


def _result(pictures: diu.Pictures, split: str, probabilities: Floats) -> EvaluationResult:
    return EvaluationResult(
        key="diu_test" if split == "private" else "diu_train",
        title="DIU test" if split == "private" else "DIU train",
        scores=scores(pictures.truth, probabilities, EMOTIONS),
        note="" if split == "private" else "the network was trained on most of these pictures",
    )


RECIPE: Final = Recipe(
    needs=backbones.NEEDS,
    input=INPUT,
    labels=EMOTIONS,
    prepare=_prepare,
    to_inputs=to_inputs,
    evaluate=_evaluate,
    evaluate_all=_evaluate_all,
    neutral=lambda predict, data, cache: np.empty((0, len(EMOTIONS))),
    epochs=EPOCHS,
    batch_size=BATCH_SIZE,
    schedule=schedules.constant(LEARNING_RATE),
    half_precision=True,
    largest_bytes=None,
    validated_on="a fifth of the training pictures",
    optimizer=f"Adam, {LEARNING_RATE:g}",
    name="Eye emotion, the paper's network",
    licence="the terms of the DIU set and of the Keras application weights apply",
    protocol="epoch chosen on a fifth of the training pictures, measured once on test",
    summary="The paper's head (5,823,446 parameters) on InceptionV3 and Xception features.",
    paper_claim="The paper reports 72.76 % on the DIU set.",
    notes=("The backbones keep their ImageNet weights.",),
)
