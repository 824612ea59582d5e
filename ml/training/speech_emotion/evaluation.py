"""What the folds of each protocol gave for a version, calibrated, each figure labelled for what it is."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import mean
from typing import Any, Final

import numpy as np

from ml.runtime import calibrate
from ml.speech_emotion.labels import LABELS
from ml.training import corruption_robustness
from ml.training.datasets.ravdess import RANDOM_FOLDS, RAVDESS, Clips, Listing
from ml.training.evaluation import EvaluationResult
from ml.training.metrics import Floats, Scores, scores
from ml.training.speech_emotion.fold_predictions import Pool, Run

SPEAKER: Final = "ravdess_speaker_independent"
RANDOM: Final = "ravdess_random_folds"
VALIDATION: Final = "ravdess_speaker_validation"

TRAINING_DATA: Final = (
    "training data: the shipped weights were trained on every one of these clips, so this says nothing about new voices"
)

SHARED_LABELS: Final = ("neutral", "happy", "sad", "angry", "fearful", "surprised")
"""The emotions that RAVDESS and nEMO share; calm counts as neutral where nEMO's clips are read."""

_NAMES: Final = {RAVDESS: "RAVDESS", "nemo": "nEMO"}

Runs = Mapping[str, Sequence[Run]]
"""The runs of a version by protocol."""


def of_folds(runs: Runs, clips: Listing, temperature: float) -> list[EvaluationResult]:
    """The first seed's scores in every protocol, with what the other seeds gave, and those on validation actors."""
    acted = clips.of(RAVDESS)
    speaker, random = runs["speaker"], runs["random"]
    found = [
        EvaluationResult(
            key=SPEAKER,
            title="RAVDESS, speaker-independent, 5 folds, out-of-fold",
            scores=calibrated(speaker[0].test.of(acted), temperature).scores,
            note=f"networks of the same recipe that were not trained on the speaker; {_seeds(speaker, clips)}",
        ),
        EvaluationResult(
            key=VALIDATION,
            title="RAVDESS, inner validation actors of the speaker-independent folds",
            scores=calibrated(speaker[0].validation, temperature).scores,
            note="what was chosen, the temperature too, was chosen on these predictions",
        ),
    ]
    if random:
        found.insert(1, _random(random, temperature))
    return found + of_corpora(runs, clips, temperature)


def of_corpora(runs: Runs, clips: Listing, temperature: float) -> list[EvaluationResult]:
    """What a version that is trained on several corpora gives on each, and without each."""
    found = []
    if alone := runs.get("ravdess-only"):
        found.append(
            EvaluationResult(
                key="ravdess_only_speaker_independent",
                title="RAVDESS, speaker-independent, trained on RAVDESS alone",
                scores=calibrated(alone[0].test.of(clips.of(RAVDESS)), temperature).scores,
                note=f"the same recipe without the other corpora, for comparison; {_seeds(alone, clips)}",
            )
        )
    for corpus in sorted(set(clips.corpora.tolist()) - {RAVDESS}):
        pool = runs["speaker"][0].test.of(clips.of(corpus))
        if (pool.truth >= 0).any():
            found.append(
                EvaluationResult(
                    key=f"{corpus}_speaker_independent",
                    title=f"{_NAMES.get(corpus, corpus)}, speaker-independent, 5 folds, six emotions, out-of-fold",
                    scores=shared(calibrated(pool, temperature)),
                    note="networks of the same recipe that were not trained on the speaker, calm counted as neutral",
                )
            )
    for run in runs.get("corpus", ())[:1]:
        for corpus in dict.fromkeys(clips.corpora[run.test.index].tolist()):
            pool = run.test.of(clips.of(corpus))
            if (pool.truth >= 0).any():
                found.append(
                    EvaluationResult(
                        key=f"{corpus}_left_out",
                        title=f"{_NAMES.get(corpus, corpus)}, left out of the training data, six emotions",
                        scores=shared(calibrated(pool, temperature)),
                        note="networks of the same recipe trained on the other corpora alone; calm and "
                        "disgust are not measured",
                    )
                )
    return found


def of_training_data(clips: Clips, probabilities: Floats) -> EvaluationResult:
    """The shipped file on all clips of RAVDESS."""
    return EvaluationResult(
        key="ravdess_training_data",
        title="RAVDESS, all clips, shipped file (training data)",
        scores=scores(clips.truth[clips.of(RAVDESS)], probabilities, LABELS),
        note=TRAINING_DATA,
    )


def of_brought(clips: Clips, probabilities: Floats) -> EvaluationResult:
    """A file that somebody uploaded, on all clips of RAVDESS."""
    return EvaluationResult(
        key="ravdess_all_clips",
        title="RAVDESS, all clips (perhaps training data)",
        scores=scores(clips.truth[clips.of(RAVDESS)], probabilities, LABELS),
        note="it is not known here which of these clips the network was trained on",
    )


def shared(pool: Pool) -> Scores:
    """The scores of the clips with one of :data:`SHARED_LABELS`: the others' probabilities are left out, but for calm,
    which is added to neutral."""
    columns = [LABELS.index(label) for label in SHARED_LABELS]
    kept = pool.probabilities[:, columns].copy()
    kept[:, 0] += pool.probabilities[:, LABELS.index("calm")]
    wanted = np.isin(pool.truth, columns)
    truth = np.array([columns.index(label) for label in pool.truth[wanted]])
    rows = kept[wanted]
    return scores(truth, rows / rows.sum(axis=1, keepdims=True), SHARED_LABELS)


def of_talk(title: str, probabilities: Floats) -> list[str]:
    """A row of the table of ordinary talk, from calibrated probabilities (windows, 8): how often each label is the most
    probable one."""
    share = np.bincount(probabilities.argmax(axis=1), minlength=len(LABELS)) / len(probabilities)
    quiet = share[LABELS.index("neutral")] + share[LABELS.index("calm")]
    columns = [quiet, *share, probabilities.max(axis=1).mean()]
    return [title, str(len(probabilities)), *(f"{100 * value:.0f} %" for value in columns)]


TALK_COLUMNS: Final = ("read by", "windows", "neutral + calm", *LABELS, "mean confidence")


def of_corruptions(run: Run) -> list[dict[str, Any]]:
    """The table of the test clips under each corruption, read by networks that were not trained on the speaker."""
    if not run.corrupted:
        return []
    clips = next(iter(run.corrupted.values())).index
    plain = run.test.of(clips)
    found = plain.probabilities.argmax(axis=1)
    rows = [_with_uar(corruption_robustness.row("as recorded", plain.truth, found, found, LABELS).to_json(), plain)]
    for name, pool in run.corrupted.items():
        row = corruption_robustness.row(name, pool.truth, pool.probabilities.argmax(axis=1), found, LABELS)
        rows.append(_with_uar(row.to_json(), pool))
    return [{"title": "RAVDESS, speaker-independent, out-of-fold", "rows": rows}]


def _with_uar(row: dict[str, Any], pool: Pool) -> dict[str, Any]:
    return row | {"uar": round(pool.scores.uar, 4)}


def validation_of(speaker: Sequence[Run]) -> Pool:
    """The validation predictions of all seeds in one."""
    pools = [run.validation for run in speaker]
    return Pool(
        np.concatenate([pool.index for pool in pools]),
        np.concatenate([pool.truth for pool in pools]),
        np.concatenate([pool.probabilities for pool in pools]),
    )


def calibrated(pool: Pool, temperature: float) -> Pool:
    return replace(pool, probabilities=calibrate(pool.probabilities.astype(np.float32), temperature))


def over_seeds(runs: Sequence[Run], clips: Listing, figure: str) -> float:
    """The mean over seeds of ``uar`` or ``accuracy`` on RAVDESS."""
    return round(mean(float(getattr(run.test.of(clips.of(RAVDESS)).scores, figure)) for run in runs), 4)


def random_folds(random: Sequence[Run]) -> str:
    if not random:
        return "no random folds"
    return "10 random folds" if random[0].folds == RANDOM_FOLDS else f"{random[0].folds} of 10 random folds"


def _random(random: Sequence[Run], temperature: float) -> EvaluationResult:
    folds = random[0].folds
    # Random folds are alike, so that some of them are a fair if coarser sample.
    run = "all 10 folds were run" if folds == RANDOM_FOLDS else f"only {folds} of the 10 folds were run"
    return EvaluationResult(
        key=RANDOM,
        title=f"RAVDESS, {random_folds(random)} over clips (the paper's protocol), out-of-fold",
        scores=calibrated(random[0].test, temperature).scores,
        note=f"every speaker is in the training and in the test set, which flatters; {run}",
    )


def _seeds(runs: Sequence[Run], clips: Listing) -> str:
    acted = clips.of(RAVDESS)
    values = ", ".join(f"{100 * run.test.of(acted).scores.uar:.1f} %" for run in runs)
    if len(runs) == 1:
        return f"one seed was run (seed {runs[0].seed})"
    average = 100 * over_seeds(runs, clips, "uar")
    return f"UAR of the {len(runs)} seeds run: {values}, mean {average:.1f} %; the table shows the first"
