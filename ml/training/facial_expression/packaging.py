"""From the best weights of a version to what ships: file, temperature, figures, card. The same for every version."""

from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact, Manifest
from ml.facial_expression.labels import LABELS
from ml.facial_expression.preprocessing import INPUT, to_inputs
from ml.modalities import FACIAL_EXPRESSION
from ml.runtime import calibrate
from ml.training import convert, loop, package
from ml.training.calibration import fit_temperature
from ml.training.checkpoint import EpochRecord
from ml.training.datasets.fer2013 import Split
from ml.training.evaluation import Notes, stored
from ml.training.facial_expression import evaluation
from ml.training.facial_expression.recipe import Recipe
from ml.training.metrics import expected_calibration_error
from ml.training.options import Options

PROTOCOL: Final = "trained on Training, chosen on PublicTest, measured once on PrivateTest"


def package_version(
    recipe: Recipe, model: Any, history: list[EpochRecord], validation: Split, options: Options
) -> Artifact:
    """Convert the Keras ``model`` with the best weights, choose its temperature on ``validation`` (PublicTest), measure
    it, and write it to ``options.output``."""
    inputs = to_inputs(validation.images)
    content = convert.to_litert(model, inputs[:64], half_precision=not recipe.eight_bit, eight_bit=recipe.eight_bit)
    raw = convert.predict_file(content, inputs)
    temperature = fit_temperature(validation.truth, raw)
    calibrated = calibrate(raw.astype(np.float32), temperature)
    predict = convert.served(content, temperature)
    figures = evaluation.everything(lambda crops: predict(to_inputs(crops)), options.data)
    training = {
        "epochs_prescribed": recipe.epochs,
        "epochs_run": len(history),
        "best_epoch": loop.best_epoch(history).epoch,
        "batch_size": recipe.batch_size,
        "optimizer": recipe.optimizer,
        "seed": options.seed,
    }
    manifest = Manifest(
        modality=FACIAL_EXPRESSION,
        name=recipe.name,
        version=options.version,
        file=package.MODEL,
        sha256=package.sha256(content),
        kind="network",
        input=INPUT.to_manifest(),
        labels=LABELS,
        temperature=temperature,
        parameters=int(model.count_params()),
        data=recipe.data,
        licence=recipe.licence,
        protocol=PROTOCOL,
        figures=figures.headline,
        created_at=package.created_at(),
        training=training,
    )
    record = stored(
        measured=figures.measured,
        history=history,
        truth=figures.truth,
        probabilities=figures.probabilities,
        calibration={
            "temperature": temperature,
            "ece_before": round(expected_calibration_error(validation.truth, raw), 4),
            "ece_after": round(expected_calibration_error(validation.truth, calibrated), 4),
        },
        notes=_notes(recipe, training, options.version, figures.limits),
        extra=figures.extra,
    )
    return package.write(manifest, content, record, weights=options.output)


def _notes(recipe: Recipe, training: dict[str, Any], version: str, limits: tuple[str, ...]) -> Notes:
    ran, asked = training["epochs_run"], training["epochs_prescribed"]
    resume = f" `train_model facial_expression --version {version} --resume` goes on wherever its checkpoint is kept."
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(
            f"{ran} of the {asked} prescribed epochs were run; epoch {training['best_epoch']} was the best on "
            "PublicTest and is what ships." + ("" if ran >= asked else resume),
            f"Batch size {training['batch_size']}, {training['optimizer']}, seed {training['seed']}.",
            *recipe.notes,
            "Every crop is standardised over its own pixels, in training and in serving.",
        ),
        limits=limits,
    )
