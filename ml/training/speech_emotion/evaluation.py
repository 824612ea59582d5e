"""Evaluation of a version from its calibrated fold predictions; every result says which protocol it is from."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import mean
from typing import Any, Final

import numpy as np

from ml.arrays import Floats
from ml.runtime import calibrate
from ml.speech_emotion.labels import LABELS
from ml.training import corruption_robustness
from ml.training.datasets.ravdess import RANDOM_FOLDS, RAVDESS
from ml.training.datasets.speech_clips import Clips, Listing
from ml.training.evaluation import EvaluationResult
from ml.training.metrics import Scores, scores
from ml.training.speech_emotion.fold_predictions import Predictions, ProtocolRun, joined

SPEAKER: Final = "ravdess_speaker_independent"
RANDOM: Final = "ravdess_random_folds"
VALIDATION: Final = "ravdess_speaker_validation"

TRAINING_DATA: Final = (
    "training data: the shipped weights were trained on every one of these clips, so this says nothing about new voices"
)

SHARED_LABELS: Final = ("neutral", "happy", "sad", "angry", "fearful", "surprised")
"""The emotions of both RAVDESS and nEMO. Where only these are measured, calm counts as neutral."""

_NAMES: Final = {RAVDESS: "RAVDESS", "nemo": "nEMO"}

Runs = Mapping[str, Sequence[ProtocolRun]]
"""The runs of a version by protocol."""


def fold_results(runs: Runs, clips: Listing, temperature: float) -> list[EvaluationResult]:
    """The results of the first seed in every protocol, with the other seeds' UAR in their notes, and those on the
    validation actors."""
    ravdess = clips.of(RAVDESS)
    speaker, random = runs["speaker"], runs["random"]
    results = [
        EvaluationResult(
            key=SPEAKER,
            title="RAVDESS, speaker-independent, 5 folds, out-of-fold",
            scores=calibrated(speaker[0].test.of(ravdess), temperature).scores,
            note=f"networks of the same recipe that were not trained on the speaker; {_seeds(speaker, clips)}",
        ),
        EvaluationResult(
            key=VALIDATION,
            title="RAVDESS, inner validation actors of the speaker-independent folds",
            scores=calibrated(speaker[0].validation, temperature).scores,
            note="all choices, the temperature included, were made on these predictions",
        ),
    ]
    if random:
        results.insert(1, _random_result(random, temperature))
    return results + corpus_results(runs, clips, temperature)


def corpus_results(runs: Runs, clips: Listing, temperature: float) -> list[EvaluationResult]:
    """The results of a version that is trained on several corpora: on each corpus, and with each left out."""
    results = []
    if alone := runs.get("ravdess-only"):
        results.append(
            EvaluationResult(
                key="ravdess_only_speaker_independent",
                title="RAVDESS, speaker-independent, trained on RAVDESS alone",
                scores=calibrated(alone[0].test.of(clips.of(RAVDESS)), temperature).scores,
                note=f"the same recipe without the other corpora, for comparison; {_seeds(alone, clips)}",
            )
        )
    for corpus in sorted(set(clips.corpora.tolist()) - {RAVDESS}):
        predictions = runs["speaker"][0].test.of(clips.of(corpus))
        if (predictions.truth >= 0).any():
            results.append(
                EvaluationResult(
                    key=f"{corpus}_speaker_independent",
                    title=f"{_NAMES.get(corpus, corpus)}, speaker-independent, 5 folds, six emotions, out-of-fold",
                    scores=shared_label_scores(calibrated(predictions, temperature)),
                    note="networks of the same recipe that were not trained on the speaker, calm counted as neutral",
                )
            )
    for run in runs.get("corpus", ())[:1]:
        for corpus in dict.fromkeys(clips.corpora[run.test.index].tolist()):
            predictions = run.test.of(clips.of(corpus))
            if (predictions.truth >= 0).any():
                results.append(
                    EvaluationResult(
                        key=f"{corpus}_left_out",
                        title=f"{_NAMES.get(corpus, corpus)}, left out of the training data, six emotions",
                        scores=shared_label_scores(calibrated(predictions, temperature)),
                        note="networks of the same recipe trained on the other corpora alone; calm and "
                        "disgust are not measured",
                    )
                )
    return results


def training_data_result(clips: Clips, probabilities: Floats) -> EvaluationResult:
    """The shipped file on all clips of RAVDESS."""
    return EvaluationResult(
        key="ravdess_training_data",
        title="RAVDESS, all clips, shipped file (training data)",
        scores=scores(clips.truth[clips.of(RAVDESS)], probabilities, LABELS),
        note=TRAINING_DATA,
    )


def uploaded_file_result(clips: Clips, probabilities: Floats) -> EvaluationResult:
    """An uploaded file on all clips of RAVDESS."""
    return EvaluationResult(
        key="ravdess_all_clips",
        title="RAVDESS, all clips (perhaps training data)",
        scores=scores(clips.truth[clips.of(RAVDESS)], probabilities, LABELS),
        note="it is not known here which of these clips the network was trained on",
    )


def shared_label_scores(predictions: Predictions) -> Scores:
    """The scores of the clips with one of :data:`SHARED_LABELS`. The probability of calm is added to neutral, those of
    the other labels are left out."""
    columns = [LABELS.index(label) for label in SHARED_LABELS]
    rows = predictions.probabilities[:, columns].copy()
    rows[:, 0] += predictions.probabilities[:, LABELS.index("calm")]
    selected = np.isin(predictions.truth, columns)
    truth = np.array([columns.index(label) for label in predictions.truth[selected]])
    rows = rows[selected]
    return scores(truth, rows / rows.sum(axis=1, keepdims=True), SHARED_LABELS)


def talk_row(title: str, probabilities: Floats) -> list[str]:
    """A row of the table of ordinary talk: how often each label is the most probable one, in calibrated
    ``probabilities`` (windows, 8)."""
    share = np.bincount(probabilities.argmax(axis=1), minlength=len(LABELS)) / len(probabilities)
    calm = share[LABELS.index("neutral")] + share[LABELS.index("calm")]
    columns = [calm, *share, probabilities.max(axis=1).mean()]
    return [title, str(len(probabilities)), *(f"{100 * value:.0f} %" for value in columns)]


TALK_COLUMNS: Final = ("read by", "windows", "neutral + calm", *LABELS, "mean confidence")


def corruption_tables(run: ProtocolRun) -> list[dict[str, Any]]:
    """Corruption robustness: the table of the test clips under each corruption, by networks that were not trained on
    the speaker."""
    if not run.corrupted:
        return []
    clips = next(iter(run.corrupted.values())).index
    plain = run.test.of(clips)
    labels = plain.probabilities.argmax(axis=1)
    rows = [_with_uar(corruption_robustness.row("as recorded", plain.truth, labels, labels, LABELS).to_json(), plain)]
    for name, corrupted in run.corrupted.items():
        row = corruption_robustness.row(name, corrupted.truth, corrupted.probabilities.argmax(axis=1), labels, LABELS)
        rows.append(_with_uar(row.to_json(), corrupted))
    return [{"title": "RAVDESS, speaker-independent, out-of-fold", "rows": rows}]


def _with_uar(row: dict[str, Any], predictions: Predictions) -> dict[str, Any]:
    return row | {"uar": round(predictions.scores.uar, 4)}


def pooled_validation(speaker: Sequence[ProtocolRun]) -> Predictions:
    """The validation predictions of all seeds, one after the other."""
    return joined([run.validation for run in speaker])


def calibrated(predictions: Predictions, temperature: float) -> Predictions:
    return replace(predictions, probabilities=calibrate(predictions.probabilities.astype(np.float32), temperature))


def mean_over_seeds(runs: Sequence[ProtocolRun], clips: Listing, figure: str) -> float:
    """The mean over seeds of ``uar`` or ``accuracy`` on RAVDESS."""
    return round(mean(float(getattr(run.test.of(clips.of(RAVDESS)).scores, figure)) for run in runs), 4)


def random_folds_phrase(random: Sequence[ProtocolRun]) -> str:
    if not random:
        return "no random folds"
    return "10 random folds" if random[0].folds == RANDOM_FOLDS else f"{random[0].folds} of 10 random folds"


def _random_result(random: Sequence[ProtocolRun], temperature: float) -> EvaluationResult:
    folds = random[0].folds
    # Random folds are alike: some of them are a fair sample of all.
    run = "all 10 folds were run" if folds == RANDOM_FOLDS else f"only {folds} of the 10 folds were run"
    return EvaluationResult(
        key=RANDOM,
        title=f"RAVDESS, {random_folds_phrase(random)} over clips (the paper's protocol), out-of-fold",
        scores=calibrated(random[0].test, temperature).scores,
        note=f"every speaker is in the training and in the test set, so the result is too good; {run}",
    )


def _seeds(runs: Sequence[ProtocolRun], clips: Listing) -> str:
    values = ", ".join(f"{100 * run.test.of(clips.of(RAVDESS)).scores.uar:.1f} %" for run in runs)
    if len(runs) == 1:
        return f"one seed was run (seed {runs[0].seed})"
    average = 100 * mean_over_seeds(runs, clips, "uar")
    return f"UAR of the {len(runs)} seeds run: {values}, mean {average:.1f} %; the table shows the first"
