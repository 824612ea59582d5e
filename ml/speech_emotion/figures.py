"""What the folds of both protocols say of a version, calibrated, each figure labelled for what it is."""

from collections.abc import Sequence
from statistics import mean
from typing import Any, Final

import numpy as np

from ml.runtime import calibrate
from ml.speech_emotion.dataset import RANDOM_FOLDS, Clips
from ml.speech_emotion.labels import LABELS
from ml.speech_emotion.protocols import Pool, Run
from ml.training import robustness
from ml.training.evaluation import Measured
from ml.training.metrics import Floats, scores

SPEAKER: Final = "ravdess_speaker_independent"
RANDOM: Final = "ravdess_random_folds"
VALIDATION: Final = "ravdess_speaker_validation"

TRAINING_DATA: Final = (
    "training data: the shipped weights were trained on every one of these clips, so this says nothing about new voices"
)


def of_folds(speaker: Sequence[Run], random: Sequence[Run], temperature: float) -> list[Measured]:
    """The first seed's scores in both protocols, with what the other seeds gave, and those on validation actors."""
    return [
        Measured(
            key=SPEAKER,
            title="RAVDESS, speaker-independent, 5 folds, out-of-fold",
            scores=calibrated(speaker[0].test, temperature).scores,
            note=f"networks of the same recipe that never heard the speaker; {_seeds(speaker)}",
        ),
        Measured(
            key=RANDOM,
            title=f"RAVDESS, {random_folds(random)} over clips (the paper's protocol), out-of-fold",
            scores=calibrated(random[0].test, temperature).scores,
            note=f"every speaker stands on both sides, which flatters; {_folds_run(random)}",
        ),
        Measured(
            key=VALIDATION,
            title="RAVDESS, inner validation actors of the speaker-independent folds",
            scores=calibrated(speaker[0].validation, temperature).scores,
            note="what was chosen, the temperature too, was chosen on these predictions",
        ),
    ]


def of_training_data(clips: Clips, probabilities: Floats) -> Measured:
    """The shipped file on all clips."""
    return Measured(
        key="ravdess_training_data",
        title="RAVDESS, all clips, shipped file (training data)",
        scores=scores(clips.truth, probabilities, LABELS),
        note=TRAINING_DATA,
    )


def of_brought(clips: Clips, probabilities: Floats) -> Measured:
    """A file that somebody brought, on all clips."""
    return Measured(
        key="ravdess_all_clips",
        title="RAVDESS, all clips (perhaps training data)",
        scores=scores(clips.truth, probabilities, LABELS),
        note="it is not known here which of these clips the network was trained on",
    )


def of_conditions(run: Run) -> list[dict[str, Any]]:
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


def validation_of(speaker: Sequence[Run]) -> Pool:
    """The validation predictions of all seeds in one."""
    pools = [run.validation for run in speaker]
    return Pool(np.concatenate([p.truth for p in pools]), np.concatenate([p.probabilities for p in pools]))


def calibrated(pool: Pool, temperature: float) -> Pool:
    return Pool(pool.truth, calibrate(pool.probabilities.astype(np.float32), temperature))


def over_seeds(runs: Sequence[Run], figure: str) -> float:
    """The mean over seeds of ``uar`` or ``accuracy``."""
    return round(mean(float(getattr(run.test.scores, figure)) for run in runs), 4)


def random_folds(random: Sequence[Run]) -> str:
    return "10 random folds" if random[0].folds == RANDOM_FOLDS else f"{random[0].folds} of 10 random folds"


def _folds_run(random: Sequence[Run]) -> str:
    """How much of the random protocol was run: its folds are alike, so some of them are a fair if coarser sample."""
    folds = random[0].folds
    return "all 10 folds were run" if folds == RANDOM_FOLDS else f"only {folds} of the 10 folds were run"


def _seeds(runs: Sequence[Run]) -> str:
    values = ", ".join(f"{100 * run.test.scores.uar:.1f} %" for run in runs)
    if len(runs) == 1:
        return f"one seed was run (seed {runs[0].seed}), not three"
    average = 100 * over_seeds(runs, "uar")
    return f"UAR of the {len(runs)} seeds run: {values}, mean {average:.1f} %; the table shows the first"
