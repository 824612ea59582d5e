"""The shipped speech version: its file, its manifest, its card's prose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact, Manifest
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.features.front_ends import front_end
from ml.speech_emotion.features.window import WINDOW_SAMPLES
from ml.speech_emotion.labels import LABELS
from ml.training import convert, latency, package
from ml.training.calibration import fit_temperature
from ml.training.datasets.ravdess import RAVDESS, Clips, listing, read_sound
from ml.training.evaluation import Notes, stored
from ml.training.metrics import Floats
from ml.training.options import Options
from ml.training.speech_emotion import evaluation
from ml.training.speech_emotion.evaluation import Runs
from ml.training.speech_emotion.fold_predictions import Run
from ml.training.speech_emotion.recipe import Recipe

SPEED_CLIPS: Final = 20
"""On so many clips it is measured how long a window takes."""


@dataclass(frozen=True)
class Fitted:
    """A version that is trained and not yet packaged: the Keras model of all clips and what serving must do to its
    inputs, the inputs (n, ...) of the RAVDESS clips, the runs of the protocols, the epochs it was trained for, and
    files that go with it."""

    model: Any
    preprocessing: dict[str, Any]
    inputs: Floats
    runs: Runs
    epochs: int
    kept: Mapping[str, bytes]


def final_epochs(speaker: Sequence[Run]) -> int:
    """How long to train on all clips: the median of the epochs that the folds' members kept."""
    return round(median(epoch for run in speaker for fold in run.best_epochs for epoch in fold))


def write(recipe: Recipe, clips: Clips, fitted: Fitted, options: Options) -> Artifact:
    """Convert, calibrate, measure and write the version."""
    speaker, random = fitted.runs["speaker"], fitted.runs["random"]
    content = convert.to_litert(fitted.model, fitted.inputs[:64], eight_bit=recipe.eight_bit)
    validation = evaluation.validation_of(speaker)
    temperature = fit_temperature(validation.truth, validation.probabilities)
    read = convert.served(content, temperature)
    measured = [
        *evaluation.of_folds(fitted.runs, clips, temperature),
        evaluation.of_training_data(clips, convert.used_outputs(read(fitted.inputs), len(LABELS))),
    ]
    headline = evaluation.calibrated(speaker[0].test.of(clips.of(RAVDESS)), temperature)
    training = {
        "members": recipe.members,
        "epochs_prescribed": recipe.epochs,
        "epochs_run_per_fold": len(speaker[0].history),
        "best_epochs": [run.best_epochs for run in speaker],
        "epochs_on_all_clips": fitted.epochs,
        "batch_size": recipe.batch_size,
        "optimizer": recipe.optimizer,
        "seeds": [run.seed for run in speaker],
        "random_folds_run": [run.folds for run in random],
    }
    manifest = Manifest(
        modality=SPEECH_EMOTION,
        name=recipe.name,
        version=options.version,
        file=package.MODEL,
        sha256=package.sha256(content),
        kind="network",
        input={
            "shape": [1, *fitted.inputs.shape[1:]],
            "dtype": "float32",
            "description": recipe.input_description,
            "outputs": recipe.outputs,
        },
        labels=LABELS,
        temperature=temperature,
        parameters=int(fitted.model.count_params()),
        data=recipe.data,
        licence=recipe.licence,
        protocol=(
            f"measured out-of-fold in 5 speaker-independent folds and in {evaluation.random_folds(random)} over clips"
            f"{'' if random else ' (not run yet)'}; shipped weights trained on all clips afterwards"
        ),
        figures={
            "speaker_independent_uar": evaluation.over_seeds(speaker, clips, "uar"),
            "speaker_independent_accuracy": evaluation.over_seeds(speaker, clips, "accuracy"),
            "speaker_independent_seeds": len(speaker),
            "speaker_independent_ece": round(headline.scores.ece, 4),
        }
        | (
            {
                "random_folds_uar": evaluation.over_seeds(random, clips, "uar"),
                "random_folds_accuracy": evaluation.over_seeds(random, clips, "accuracy"),
            }
            if random
            else {}
        ),
        created_at=package.created_at(),
        preprocessing=fitted.preprocessing,
        training=training,
    )
    record = stored(
        measured=measured,
        history=speaker[0].history,
        truth=headline.truth,
        probabilities=headline.probabilities,
        calibration={
            "temperature": temperature,
            "ece_before": round(validation.scores.ece, 4),
            "ece_after": round(evaluation.calibrated(validation, temperature).scores.ece, 4),
        },
        notes=_notes(recipe, training),
        extra={
            "history": "first member: mean over the speaker-independent folds of the first seed",
            "speaker_uar_by_seed": {run.seed: round(run.test.of(clips.of(RAVDESS)).scores.uar, 4) for run in speaker},
            "robustness": evaluation.of_corruptions(speaker[0]),
            "tables": [*recipe.tables(clips, fitted.runs, read, temperature)],
            "speed": _speed(fitted.preprocessing, read, options.data),
        },
    )
    return package.write(manifest, content, record, weights=options.output, kept=fitted.kept)


def _speed(preprocessing: Mapping[str, Any], read: Callable[[Floats], Floats], data: Path) -> dict[str, Any]:
    """From a window of sound to probabilities, as serving goes: features, network, calibration."""
    to_input = front_end(preprocessing).to_input
    windows = np.zeros((SPEED_CLIPS, WINDOW_SAMPLES), np.float32)
    for window, path in zip(windows, listing(data).files, strict=False):
        samples = read_sound(path)[:WINDOW_SAMPLES]
        window[: len(samples)] = samples
    return latency.measure(lambda window: read(to_input(window[0])), windows)


def _notes(recipe: Recipe, training: dict[str, Any]) -> Notes:
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(_course(training), *recipe.notes),
        limits=(
            "RAVDESS: 24 North American actors act two sentences. Spontaneous speech in an interview differs in every "
            "way.",
            "Neutral has half as many clips as the others.",
            *recipe.limits,
        ),
    )


def _course(training: dict[str, Any]) -> str:
    """How the networks were trained."""
    kept = sorted({epoch for fold in training["best_epochs"][0] for epoch in fold})
    measured = (
        "the last is measured"
        if kept == [training["epochs_run_per_fold"]]
        else f"epoch {', '.join(map(str, kept))} is measured"
    )
    return (
        f"In each fold {training['epochs_run_per_fold']} epochs, batch size {training['batch_size']}, "
        f"{training['optimizer']}; {measured}. Shipped weights: all clips, {training['epochs_on_all_clips']} epochs."
    )
