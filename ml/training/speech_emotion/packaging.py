"""The shipped speech version: its file, its manifest and the text of its card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from ml.arrays import Float32
from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.speech_emotion.features.front_ends import front_end
from ml.speech_emotion.features.window import WINDOW_SAMPLES
from ml.speech_emotion.labels import LABELS
from ml.training import convert, latency, package
from ml.training.datasets import ravdess
from ml.training.datasets.ravdess import RAVDESS
from ml.training.datasets.speech_clips import Clips, read_sound
from ml.training.evaluation import Evaluation, Notes
from ml.training.options import Options
from ml.training.package import Description, Trained
from ml.training.speech_emotion import evaluation
from ml.training.speech_emotion.evaluation import Runs
from ml.training.speech_emotion.fold_predictions import ProtocolRun
from ml.training.speech_emotion.recipe import Recipe

SPEED_CLIPS: Final = 20
"""The latency of a window is measured on so many clips."""


@dataclass(frozen=True)
class TrainedVersion:
    """A trained version that is not packaged yet.

    ``model`` is the Keras model of all clips, trained for ``epochs``; ``preprocessing`` the manifest's; ``inputs``
    (n, ...) those of the RAVDESS clips; ``runs`` those of the protocols; ``extra_files`` are shipped with it, by
    name."""

    model: Any
    preprocessing: dict[str, Any]
    inputs: Float32
    runs: Runs
    epochs: int
    extra_files: Mapping[str, bytes]


def final_epochs(speaker: Sequence[ProtocolRun]) -> int:
    """The epochs to train on all clips: the median of the best epochs of the folds' members."""
    return round(median(epoch for run in speaker for fold in run.best_epochs for epoch in fold))


def write(recipe: Recipe, clips: Clips, trained: TrainedVersion, options: Options) -> Artifact:
    """Package the version: its temperature is fitted on the pooled validation predictions of the folds."""
    speaker, random = trained.runs["speaker"], trained.runs["random"]
    training = {
        "members": recipe.members,
        "epochs_prescribed": recipe.epochs,
        "epochs_run_per_fold": len(speaker[0].history),
        "best_epochs": [run.best_epochs for run in speaker],
        "epochs_on_all_clips": trained.epochs,
        "batch_size": recipe.batch_size,
        "optimizer": recipe.optimizer,
        "seeds": [run.seed for run in speaker],
        "random_folds_run": [run.folds for run in random],
    }
    validation = evaluation.pooled_validation(speaker)
    network = Trained(
        Description(
            modality=SPEECH_EMOTION,
            name=recipe.name,
            version=options.version,
            input=recipe.input.to_manifest() | {"outputs": recipe.outputs},
            labels=LABELS,
            data=recipe.data,
            licence=recipe.licence,
            protocol=(
                f"measured out-of-fold in 5 speaker-independent folds and in {evaluation.random_folds_phrase(random)} "
                f"over clips{'' if random else ' (not run yet)'}; shipped weights trained on all clips afterwards"
            ),
            preprocessing=trained.preprocessing,
            training=training,
        ),
        model=trained.model,
        samples=trained.inputs[:64],
        validation=lambda predict: (validation.truth, validation.probabilities),
        history=speaker[0].history,
        notes=_notes(recipe, training),
        eight_bit=recipe.eight_bit,
    )
    return package.package(
        network,
        lambda predict, temperature: _evaluate(recipe, clips, trained, predict, temperature, options.data),
        weights=options.output,
        kept=trained.extra_files,
    )


def _evaluate(
    recipe: Recipe, clips: Clips, trained: TrainedVersion, predict: package.Predict, temperature: float, data: Path
) -> Evaluation:
    """The results of the folds, calibrated, and of the shipped file on its training data."""
    speaker, random = trained.runs["speaker"], trained.runs["random"]
    headline = evaluation.calibrated(speaker[0].test.of(clips.of(RAVDESS)), temperature)
    figures: dict[str, Any] = {
        "speaker_independent_uar": evaluation.mean_over_seeds(speaker, clips, "uar"),
        "speaker_independent_accuracy": evaluation.mean_over_seeds(speaker, clips, "accuracy"),
        "speaker_independent_seeds": len(speaker),
        "speaker_independent_ece": round(headline.scores.ece, 4),
    }
    if random:
        figures["random_folds_uar"] = evaluation.mean_over_seeds(random, clips, "uar")
        figures["random_folds_accuracy"] = evaluation.mean_over_seeds(random, clips, "accuracy")
    return Evaluation(
        results=(
            *evaluation.fold_results(trained.runs, clips, temperature),
            evaluation.training_data_result(clips, convert.used_outputs(predict(trained.inputs), len(LABELS))),
        ),
        truth=headline.truth,
        probabilities=headline.probabilities,
        headline=figures,
        extra={
            "history": "first member: mean over the speaker-independent folds of the first seed",
            "speaker_uar_by_seed": {run.seed: round(run.test.of(clips.of(RAVDESS)).scores.uar, 4) for run in speaker},
            "robustness": evaluation.corruption_tables(speaker[0]),
            "tables": [*recipe.tables(clips, trained.runs, predict, temperature)],
            "speed": _speed(trained.preprocessing, predict, data),
        },
        limits=(
            "RAVDESS: 24 North American actors act two sentences. Spontaneous speech in an interview differs in every "
            "way.",
            "Neutral has half as many clips as the others.",
            *recipe.limits,
        ),
    )


def _speed(preprocessing: Mapping[str, Any], predict: package.Predict, data: Path) -> dict[str, Any]:
    """Latency from a window of sound to probabilities, as in serving: features, network, calibration."""
    to_input = front_end(preprocessing).to_input
    windows = np.zeros((SPEED_CLIPS, WINDOW_SAMPLES), np.float32)
    for window, path in zip(windows, ravdess.listing(data).files, strict=False):
        samples = read_sound(path, ravdess.RATE_HZ)[:WINDOW_SAMPLES]
        window[: len(samples)] = samples
    return latency.measure(lambda window: predict(to_input(window[0])), windows)


def _notes(recipe: Recipe, training: dict[str, Any]) -> Notes:
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(_training_note(training), *recipe.notes),
    )


def _training_note(training: dict[str, Any]) -> str:
    """How the networks were trained."""
    best = sorted({epoch for fold in training["best_epochs"][0] for epoch in fold})
    measured = (
        "the last is measured"
        if best == [training["epochs_run_per_fold"]]
        else f"epoch {', '.join(map(str, best))} is measured"
    )
    return (
        f"In each fold {training['epochs_run_per_fold']} epochs, batch size {training['batch_size']}, "
        f"{training['optimizer']}; {measured}. Shipped weights: all clips, {training['epochs_on_all_clips']} epochs."
    )
