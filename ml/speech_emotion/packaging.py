"""The shipped speech version: its file, its manifest, its card's prose."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact, Manifest
from ml.modalities import SPEECH_EMOTION
from ml.runtime import calibrate
from ml.speech_emotion import figures
from ml.speech_emotion.dataset import Clips, listing, read_sound
from ml.speech_emotion.front_ends import front_end
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.preprocessing import WINDOW_SAMPLES
from ml.speech_emotion.protocols import Run
from ml.speech_emotion.recipe import Prepared, Recipe
from ml.training import convert, package, speed
from ml.training.calibration import fit_temperature
from ml.training.evaluation import Notes, stored
from ml.training.options import Options

SPEED_CLIPS: Final = 20
"""On so many clips it is measured how long a window takes."""


def final_epochs(speaker: Sequence[Run]) -> list[int]:
    """How long to train each network on all actors: the median of the epochs that the folds kept."""
    by_fold = [epochs for run in speaker for epochs in run.best_epochs]
    return [round(median(epochs)) for epochs in zip(*by_fold, strict=True)]


def final_shares(runs: Sequence[Run]) -> list[float]:
    """What each network has to say in the shipped version: the mean of the folds' shares."""
    by_fold = [shares for run in runs for shares in run.shares]
    return [round(mean(shares), 3) for shares in zip(*by_fold, strict=True)]


def write(
    recipe: Recipe,
    model: Any,
    clips: Clips,
    prepared: Prepared,
    *,
    speaker: Sequence[Run],
    random: Sequence[Run],
    kept: Mapping[str, bytes],
    epochs: Sequence[int],
    shares: Sequence[float],
    options: Options,
) -> Artifact:
    """Convert, calibrate, measure and write the version; ``kept`` are files that go with it."""
    inputs = prepared.inputs(np.arange(len(clips.truth)))
    content = convert.to_litert(model, inputs[:64], half_precision=recipe.half_precision)
    validation = figures.validation_of(speaker)
    temperature = fit_temperature(validation.truth, validation.probabilities)
    shipped = convert.used_outputs(calibrate(convert.predict_file(content, inputs), temperature), len(LABELS))
    headline = figures.calibrated(speaker[0].test, temperature)
    measured = [*figures.of_folds(speaker, random, temperature), figures.of_training_data(clips, shipped)]
    first = recipe.trained[0].name
    training = {
        "networks": [
            {
                "name": member.name,
                "epochs_prescribed": member.epochs,
                "epochs_run_per_fold": len(speaker[0].histories[member.name]),
                "best_epochs": [[fold[number] for fold in run.best_epochs] for run in speaker],
                "epochs_on_all_actors": epochs[number],
                "batch_size": member.batch_size,
                "optimizer": member.optimizer,
                "again_with_validation": member.again,
            }
            for number, member in enumerate(recipe.trained)
        ],
        "shares": _named(recipe, shares),
        "shares_in_random_folds": _named(recipe, final_shares(random)),
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
            "shape": [1, *inputs.shape[1:]],
            "dtype": "float32",
            "description": recipe.input_description,
            "outputs": recipe.outputs,
        },
        labels=LABELS,
        temperature=temperature,
        parameters=int(model.count_params()),
        data=f"RAVDESS speech, {len(clips.truth):,} clips of {len(set(clips.actors.tolist()))} actors",
        licence="trained on RAVDESS (Livingstone and Russo 2018), CC BY-NC-SA 4.0: not for commercial use",
        protocol=(
            f"measured out-of-fold in 5 speaker-independent folds and in {figures.random_folds(random)} over clips; "
            "shipped weights trained on all actors afterwards"
        ),
        figures={
            "speaker_independent_uar": figures.over_seeds(speaker, "uar"),
            "speaker_independent_accuracy": figures.over_seeds(speaker, "accuracy"),
            "speaker_independent_seeds": len(speaker),
            "speaker_independent_ece": round(headline.scores.ece, 4),
            "random_folds_uar": figures.over_seeds(random, "uar"),
            "random_folds_accuracy": figures.over_seeds(random, "accuracy"),
        },
        created_at=package.created_at(),
        preprocessing=prepared.preprocessing,
        training=training,
    )
    record = stored(
        measured=measured,
        history=speaker[0].histories[first],
        truth=headline.truth,
        probabilities=headline.probabilities,
        calibration={
            "temperature": temperature,
            "ece_before": round(validation.scores.ece, 4),
            "ece_after": round(figures.calibrated(validation, temperature).scores.ece, 4),
        },
        notes=_notes(recipe, training),
        extra={
            "history": f"{first}: mean over the speaker-independent folds of the first seed",
            "speaker_uar_by_seed": {run.seed: round(run.test.scores.uar, 4) for run in speaker},
            "random_uar_by_seed": {run.seed: round(run.test.scores.uar, 4) for run in random},
            "means_over_seeds": {
                name: {figure: figures.over_seeds(runs, figure) for figure in ("uar", "accuracy")}
                for name, runs in (("speaker", speaker), ("random", random))
            },
            "robustness": figures.of_conditions(speaker[0]),
            "speed": _speed(content, prepared.preprocessing, temperature, options.data),
        },
    )
    return package.write(manifest, content, record, weights=options.output, kept=kept)


def _speed(content: bytes, preprocessing: Mapping[str, Any], temperature: float, data: Path) -> dict[str, Any]:
    """From a window of sound to probabilities, as serving goes: features, network, calibration."""
    to_input, read = front_end(preprocessing).to_input, convert.served(content, temperature)
    windows = np.zeros((SPEED_CLIPS, WINDOW_SAMPLES), np.float32)
    for window, path in zip(windows, listing(data).files, strict=False):
        samples = read_sound(path)[:WINDOW_SAMPLES]
        window[: len(samples)] = samples
    return speed.measure(lambda window: read(to_input(window[0])), windows)


def _notes(recipe: Recipe, training: dict[str, Any]) -> Notes:
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(*(_course(network) for network in training["networks"]), *_together(training), *recipe.notes),
        limits=(
            "24 North American actors act two sentences. Spontaneous speech in an interview differs in every way.",
            "Neutral has half as many clips as the others and is often taken for calm or sad.",
            "Languages other than English, accents, age and health of the voice were not measured.",
            *recipe.limits,
        ),
    )


def _course(network: dict[str, Any]) -> str:
    """How one network was trained."""
    kept = sorted(set(network["best_epochs"][0]))
    measured = (
        "the last is measured"
        if kept == [network["epochs_run_per_fold"]]
        else (f"epoch {', '.join(map(str, network['best_epochs'][0]))} is measured")
    )
    again = " after a second training with the validation clips" if network["again_with_validation"] else ""
    return (
        f"{network['name'].capitalize()}: in each fold {network['epochs_run_per_fold']} epochs, batch size "
        f"{network['batch_size']}, {network['optimizer']}; {measured}{again}. Shipped weights: all actors, "
        f"{network['epochs_on_all_actors']} epochs, the median of the folds'."
    )


def _together(training: dict[str, Any]) -> tuple[str, ...]:
    """How much each of several networks has to say."""
    if len(training["shares"]) == 1:
        return ()
    shipped, random = (
        ", ".join(f"{name} {share:.2f}" for name, share in training[key].items())
        for key in ("shares", "shares_in_random_folds")
    )
    return (
        "The networks' probabilities are multiplied, each raised to its network's share. A fold's shares are fitted on "
        "the validation clips of all folds of its protocol, without those it is tested on. In the mean of the "
        f"speaker-independent folds, and shipped: {shipped}. In the mean of the random folds: {random}.",
    )


def _named(recipe: Recipe, shares: Sequence[float]) -> dict[str, float]:
    return dict(zip((member.name for member in recipe.members), shares, strict=True))
