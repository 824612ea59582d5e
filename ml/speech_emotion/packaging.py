"""The shipped speech version: its figures by protocol, its manifest, its card's prose."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean, median
from typing import Any, Final

import numpy as np

from ml.artifacts import Artifact, Manifest
from ml.modalities import SPEECH_EMOTION
from ml.runtime import calibrate
from ml.speech_emotion.dataset import RANDOM_FOLDS, Clips, listing, read_sound
from ml.speech_emotion.front_ends import front_end
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.preprocessing import WINDOW_SAMPLES
from ml.speech_emotion.protocols import Pool, Run
from ml.speech_emotion.recipe import Prepared, Recipe
from ml.training import convert, package, robustness, speed
from ml.training.calibration import fit_temperature
from ml.training.evaluation import Measured, Notes, stored
from ml.training.metrics import Floats, expected_calibration_error, scores
from ml.training.options import Options

SPEED_CLIPS: Final = 20
"""On so many clips it is measured how long a window takes."""

TRAINING_DATA: Final = (
    "training data: the shipped weights were trained on every one of these clips, so this says nothing about new voices"
)


def final_epochs(speaker: Sequence[Run]) -> int:
    """How long to train on all actors: the median of the epochs that the folds kept."""
    return round(median(epoch for run in speaker for epoch in run.best_epochs))


def measure_training_data(clips: Clips, probabilities: Floats) -> Measured:
    """The shipped file on all clips."""
    return Measured(
        key="ravdess_training_data",
        title="RAVDESS, all clips, shipped file (training data)",
        scores=scores(clips.truth, probabilities, LABELS),
        note=TRAINING_DATA,
    )


def measure_brought(clips: Clips, probabilities: Floats) -> Measured:
    """A file that somebody brought, on all clips."""
    return Measured(
        key="ravdess_all_clips",
        title="RAVDESS, all clips (perhaps training data)",
        scores=scores(clips.truth, probabilities, LABELS),
        note="it is not known here which of these clips the network was trained on",
    )


def write(
    recipe: Recipe,
    model: Any,
    clips: Clips,
    prepared: Prepared,
    *,
    speaker: Sequence[Run],
    random: Sequence[Run],
    kept: Mapping[str, bytes],
    epochs: int,
    options: Options,
) -> Artifact:
    """Convert, calibrate, measure and write the version; ``kept`` are files that go with it."""
    inputs = prepared.inputs(np.arange(len(clips.truth)))
    content = convert.to_litert(model, inputs[:64], half_precision=recipe.half_precision)
    validation = Pool(
        np.concatenate([run.validation.truth for run in speaker]),
        np.concatenate([run.validation.probabilities for run in speaker]),
    )
    temperature = fit_temperature(validation.truth, validation.probabilities)

    def calibrated(pool: Pool) -> Pool:
        return Pool(pool.truth, calibrate(pool.probabilities.astype(np.float32), temperature))

    shipped = convert.used_outputs(calibrate(convert.predict_file(content, inputs), temperature), len(LABELS))
    headline = calibrated(speaker[0].test)
    measured = [
        Measured(
            key="ravdess_speaker_independent",
            title="RAVDESS, speaker-independent, 5 folds, out-of-fold",
            scores=headline.scores,
            note=f"networks of the same recipe that never heard the speaker; {_seeds(speaker)}",
        ),
        Measured(
            key="ravdess_random_folds",
            title=f"RAVDESS, {_random_folds(random)} over clips (the paper's protocol), out-of-fold",
            scores=calibrated(random[0].test).scores,
            note=f"every speaker stands on both sides, which flatters; {_folds_run(random)}",
        ),
        Measured(
            key="ravdess_speaker_validation",
            title="RAVDESS, inner validation actors of the speaker-independent folds",
            scores=calibrated(speaker[0].validation).scores,
            note="what was chosen, the temperature too, was chosen on these predictions",
        ),
        measure_training_data(clips, shipped),
    ]
    by_key = {m.key: m.scores for m in measured}
    training = {
        "epochs_prescribed": recipe.epochs,
        "epochs_run_per_fold": len(speaker[0].history),
        "best_epochs": [list(run.best_epochs) for run in speaker],
        "epochs_on_all_actors": epochs,
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
            f"measured out-of-fold in 5 speaker-independent folds and in {_random_folds(random)} over clips; "
            "shipped weights trained on all actors afterwards"
        ),
        figures={
            "speaker_independent_uar": _mean(speaker, "uar"),
            "speaker_independent_accuracy": _mean(speaker, "accuracy"),
            "speaker_independent_seeds": len(speaker),
            "speaker_independent_ece": round(by_key["ravdess_speaker_independent"].ece, 4),
            "random_folds_uar": _mean(random, "uar"),
            "random_folds_accuracy": _mean(random, "accuracy"),
        },
        created_at=package.created_at(),
        preprocessing=prepared.preprocessing,
        training=training,
    )
    record = stored(
        measured=measured,
        history=speaker[0].history,
        truth=headline.truth,
        probabilities=headline.probabilities,
        calibration={
            "temperature": temperature,
            "ece_before": round(expected_calibration_error(validation.truth, validation.probabilities), 4),
            "ece_after": round(expected_calibration_error(validation.truth, calibrated(validation).probabilities), 4),
        },
        notes=_notes(recipe, training),
        extra={
            "history": "mean over the speaker-independent folds of the first seed",
            "speaker_uar_by_seed": {run.seed: round(run.test.scores.uar, 4) for run in speaker},
            "random_uar_by_seed": {run.seed: round(run.test.scores.uar, 4) for run in random},
            "means_over_seeds": {
                name: {figure: _mean(runs, figure) for figure in ("uar", "accuracy")}
                for name, runs in (("speaker", speaker), ("random", random))
            },
            "robustness": _robustness(speaker[0]),
            "speed": _speed(content, prepared.preprocessing, temperature, options.data),
        },
    )
    return package.write(manifest, content, record, weights=options.output, kept=kept)


def _folds_run(random: Sequence[Run]) -> str:
    """How much of the random protocol was run: its folds are alike, so some of them are a fair if coarser sample."""
    folds = random[0].folds
    return "all 10 folds were run" if folds == RANDOM_FOLDS else f"only {folds} of the 10 folds were run"


def _random_folds(random: Sequence[Run]) -> str:
    return "10 random folds" if random[0].folds == RANDOM_FOLDS else f"{random[0].folds} of 10 random folds"


def _mean(runs: Sequence[Run], figure: str) -> float:
    return round(mean(float(getattr(run.test.scores, figure)) for run in runs), 4)


def _seeds(runs: Sequence[Run]) -> str:
    values = ", ".join(f"{100 * run.test.scores.uar:.1f} %" for run in runs)
    if len(runs) == 1:
        return f"one seed was run (seed {runs[0].seed}), not three"
    return (
        f"UAR of the {len(runs)} seeds run: {values}, mean {100 * _mean(runs, 'uar'):.1f} %; the table shows the first"
    )


def _speed(content: bytes, preprocessing: Mapping[str, Any], temperature: float, data: Path) -> dict[str, Any]:
    """From a window of sound to probabilities, as serving goes: features, network, calibration."""
    to_input, read = front_end(preprocessing).to_input, convert.served(content, temperature)
    windows = np.zeros((SPEED_CLIPS, WINDOW_SAMPLES), np.float32)
    for window, path in zip(windows, listing(data).files, strict=False):
        samples = read_sound(path)[:WINDOW_SAMPLES]
        window[: len(samples)] = samples
    return speed.measure(lambda window: read(to_input(window[0])), windows)


def _robustness(run: Run) -> list[dict[str, Any]]:
    """The table of the test clips under each condition, heard by networks that never heard the speaker."""
    if not run.changed:
        return []
    plain = run.test.probabilities.argmax(axis=1)
    rows = [robustness.row("as recorded", run.test.truth, plain, plain, LABELS)]
    rows += [
        robustness.row(name, pool.truth, pool.probabilities.argmax(axis=1), plain, LABELS)
        for name, pool in run.changed.items()
    ]
    return [{"title": "RAVDESS, speaker-independent, out-of-fold", "rows": [row.to_json() for row in rows]}]


def _notes(recipe: Recipe, training: dict[str, Any]) -> Notes:
    return Notes(
        summary=recipe.summary,
        paper_claim=recipe.paper_claim,
        recipe=(
            f"Each fold: {training['epochs_run_per_fold']} epochs, batch size {recipe.batch_size}, "
            f"{recipe.optimizer}; epoch {', '.join(map(str, training['best_epochs'][0]))} is measured.",
            f"Shipped weights: all actors, {training['epochs_on_all_actors']} epochs, the median of the folds'.",
            *recipe.notes,
        ),
        limits=(
            "24 North American actors act two sentences. Spontaneous speech in an interview differs in every way.",
            "Neutral has half as many clips as the others and is often taken for calm or sad.",
            "Languages other than English, accents, age and health of the voice were not measured.",
            *recipe.limits,
        ),
    )
