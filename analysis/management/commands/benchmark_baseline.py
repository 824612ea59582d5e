"""Measure on RAVDESS the gain from a speaker's own neutral clips as a baseline."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.management.base import CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from analysis.metrics.baseline import Calm, baseline_of, relative_timeline
from ml import artifacts
from ml.artifacts import Artifact
from ml.modalities import SPEECH_EMOTION
from ml.timeline import Observation, Timeline
from ml.training.errors import TrainingError

if TYPE_CHECKING:
    from ml.training.datasets.speech_clips import Listing
    from ml.training.speech_emotion.fold_predictions import ProtocolRun

CLIP_S: Final = 3.0
NEUTRAL: Final = "neutral"
BASELINE_STATEMENT: Final = "01"
"""The speaker's neutral clips of this sentence are the baseline and are not measured; the other sentence's are."""


class Command(SentenceCommand):
    help = (
        "Speaker-independent UAR on RAVDESS with and without the speaker's own neutral clips as a baseline, from the "
        "fold predictions that are kept with the speech version."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", required=True, type=Path, help="folder with ravdess/")
        parser.add_argument("--work", type=Path, help="checkpoints and caches; default: VAR_DIR/training")
        self.add_json_argument(parser)

    def run(self, options: dict[str, Any]) -> None:
        result = measure(options["data"], options["work"] or Path(settings.VAR_DIR) / "training")
        lines = (
            f"seed {row['seed']}: UAR {100 * row['uar_as_read']:.1f} % as read, "
            f"{100 * row['uar_relative']:.1f} % relative to the speaker's baseline (n {row['n']})"
            for row in result["seeds"]
        )
        self.show(lambda: "\n".join(lines), result, options)


def measure(data: Path, work: Path) -> dict[str, Any]:
    """Both figures by seed, on the test speakers of every fold; raises :class:`TrainingError`."""
    from ml.training.speech_emotion import trainer

    artifact = artifacts.find(SPEECH_EMOTION)
    if not artifact.manifest.neutral:
        raise TrainingError(f"{artifact.manifest.version} has no neutral reference: run measure_priors first.")
    clips = trainer.listing(artifact, data)
    rows = [_of_seed(artifact, clips, run) for run in trainer.stored_runs(artifact, clips)["speaker"]]
    return {"version": artifact.manifest.version, "baseline_clips": "neutral, statement 01", "seeds": rows}


def _of_seed(artifact: Artifact, clips: Listing, run: ProtocolRun) -> dict[str, Any]:
    """Both figures of one seed, on RAVDESS alone: other corpora have no sentence common to all speakers."""
    import numpy as np

    from ml.training.datasets.ravdess import RAVDESS
    from ml.training.speech_emotion import evaluation

    test = evaluation.calibrated(run.test.of(clips.of(RAVDESS)), artifact.manifest.temperature)
    truth: list[str] = []
    as_read: list[str] = []
    relative: list[str] = []
    for speaker in np.unique(clips.speakers[test.index]):
        mine = clips.speakers[test.index] == speaker
        found = _speaker(artifact, clips, test.index[mine], test.probabilities[mine])
        for collected, values in zip((truth, as_read, relative), found, strict=True):
            collected.extend(values)
    labels = artifact.manifest.labels
    return {
        "seed": run.seed,
        "n": len(truth),
        "uar_as_read": round(_uar(truth, as_read, labels), 4),
        "uar_relative": round(_uar(truth, relative, labels), 4),
    }


def _speaker(artifact: Artifact, clips: Listing, index: Any, probabilities: Any) -> tuple[list[str], ...]:
    """Truth, label as read, and label relative to the baseline, of one speaker's clips that are not the baseline."""
    labels = artifact.manifest.labels
    truth = [labels[clips.truth[i]] for i in index]
    calm = [
        t == NEUTRAL and clips.stems[i].split("-")[4] == BASELINE_STATEMENT for t, i in zip(truth, index, strict=True)
    ]
    plain = [p for p, is_calm in zip(probabilities, calm, strict=True) if is_calm]
    others = [p for p, is_calm in zip(probabilities, calm, strict=True) if not is_calm]
    baseline = baseline_of(_timeline(plain, labels), Calm(0.0, CLIP_S * len(plain)))
    if baseline is None:
        raise TrainingError("A speaker has too few neutral clips for a baseline.")
    spoken = _timeline(others, labels)
    moved = relative_timeline(spoken, baseline=baseline, reference=artifact.manifest.neutral)
    return (
        [t for t, is_calm in zip(truth, calm, strict=True) if not is_calm],
        [o.label for o in spoken.observations],
        [o.label for o in moved.observations],
    )


def _timeline(probabilities: list[Any], labels: tuple[str, ...]) -> Timeline:
    """Clips one after the other, as in one recording."""
    observations = []
    for number, row in enumerate(probabilities):
        vector = tuple(float(p) for p in row[: len(labels)] / row[: len(labels)].sum())
        best = max(range(len(labels)), key=vector.__getitem__)
        start_s = CLIP_S * number
        observations.append(Observation(start_s, start_s + CLIP_S, labels[best], vector[best], vector))
    return Timeline(SPEECH_EMOTION, labels, tuple(observations))


def _uar(truth: list[str], predicted: list[str], labels: tuple[str, ...]) -> float:
    recalls = []
    for label in labels:
        hits = [p == label for t, p in zip(truth, predicted, strict=True) if t == label]
        if hits:
            recalls.append(sum(hits) / len(hits))
    return sum(recalls) / len(recalls)
