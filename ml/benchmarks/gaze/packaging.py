"""What was measured of a gaze geometry, written into its version's folder: figures, evaluation, pictures, card."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from ml import artifacts
from ml.artifacts import Artifact
from ml.benchmarks.gaze import card
from ml.benchmarks.gaze.ground_truth import MODES, Named, Session, interview, name
from ml.benchmarks.gaze.run import Made
from ml.eye_gaze.labels import LABELS
from ml.eye_gaze.parameters import Parameters, load
from ml.training import plots
from ml.training.card import FILE as CARD
from ml.training.evaluation import EvaluationRecord, EvaluationResult, Notes, stored
from ml.training.metrics import Scores, confusion_matrix, expected_calibration_error, macro_f1

SUMMARY: Final = (
    "Names the area a candidate looks at, {top, center, bottom} x {left, center, right}, at every sampled frame, or "
    "`unknown` while the eyes are closed. Left and right are the candidate's own. The middle area is called `center`."
)
RECIPE: Final = (
    "MediaPipe's face mesh gives the eye corners and the head's turn, its iris network the iris and the lids (the mean "
    "of four looks at each eye, moved about by three pixels). The offset of the iris from the middle between the eye's "
    "corners, both eyes averaged by how wide they show, plus a share of the head's turn, is the direction of the gaze.",
    "Calibrated: from looks at nine dots a second-order map is fitted as a correction, outliers removed, held back as "
    "strongly as leaves the smallest error at a dot left out; that error is stored with the calibration.",
    "Uncalibrated: the session's own median direction is the middle.",
    "An area changes once the readings beyond its border, weighted by how far beyond they are, have lasted for longer "
    "than a tenth of a second: two readings at ten frames a second for a look at another area. A recording's change "
    "counts from the first of them, a call's shows with the last. Probabilities say how likely each area is with the "
    "noise that the size of the face, or the calibration's error, allows.",
    "Nothing is trained. Borders, radii and thresholds were chosen on rendered people of other portraits than those "
    "reported (`benchmark_gaze --chosen-on`); what steadies a gaze so that nothing of the accuracy was lost on these.",
    "The head's share lies between what these renderings ask for (1.3 mm per sine across, none up and down) and what "
    "recordings of people who talk to the camera show (4.5 across in the longest of them, 1.7 up).",
)
LIMITS: Final = (
    "The people are rendered: portraits turned in three dimensions with painted eyes, one of the four the mirror image "
    "of another. No recording with known gaze targets of real people was at hand.",
    "Every rendered session looks back at the middle half of the time, which the uncalibrated mode lives on.",
    "Without a calibration a candidate who mostly looks elsewhere has a wrong middle.",
    "Up and down is less certain than across: the lids go along with the eye.",
    "People differ more than the intervals say: on six people of the three portraits that choices were made on, two of "
    "these not taken from straight ahead, geometry-v3 names 88.9 % calibrated and 82.9 % uncalibrated, and finds "
    "78.7 % of the blinks.",
    "Reflections that cover the iris, little light and a turned head cost most; reflections hide blinks.",
    "A steady gaze that rests on a border may still change its area, once in many seconds; looks shorter than two "
    "readings are lost.",
    "Faces with less than 16 pixels between the eyes are not read; below 46 pixels the confidence falls.",
)
TITLES: Final = {"calibrated": "Rendered looks, calibrated", "uncalibrated": "Rendered looks, uncalibrated"}
NOTE: Final = "frames read as `unknown` count as wrong and stand in no column of the confusion matrix"


def renew(artifact: Artifact, made: Made) -> None:
    """Write what was measured; the parameters stay as they are. Raises ``OSError`` when the folder is read-only."""
    parameters = load(artifact)
    looking = [session for session in made.sessions if session.condition.name != "steady"]
    answers = {mode: _answers(looking, parameters, calibrated=mode == "calibrated") for mode in MODES}
    measured = [
        EvaluationResult(mode, TITLES[mode], _scores(*found, made.figures["all"][mode]), NOTE)
        for mode, found in answers.items()
    ]
    truth, probabilities, _ = answers["calibrated"]
    figures: dict[str, Any] = {f"rendered_{mode}_accuracy": made.figures["all"][mode]["accuracy"] for mode in answers}
    figures["rendered_paper_rule_accuracy"] = made.figures["all"]["paper"]["accuracy"]
    figures["rendered_blink_recall"] = made.figures["blinks"]["recall"]["share"]
    figures["rendered_blink_precision"] = made.figures["blinks"]["precision"]["share"]
    manifest = replace(artifact.manifest, figures=figures)
    kept = stored(
        measured=measured,
        history=[],
        truth=truth,
        probabilities=probabilities,
        calibration={"temperature": 1.0},
        notes=Notes(summary=SUMMARY, paper_claim="", limits=LIMITS, recipe=RECIPE),
        extra={"benchmark": made.figures},
    )
    _write(artifact, manifest, kept)


def _write(artifact: Artifact, manifest: artifacts.Manifest, kept: EvaluationRecord) -> None:
    (artifact.folder / artifacts.MANIFEST).write_text(json.dumps(manifest.to_json(), indent=1) + "\n")
    kept.write(artifact.folder)
    plots.draw(artifact.folder, kept)
    (artifact.folder / CARD).write_text(card.render(manifest, kept))


Answers = tuple[Any, Any, list[str]]


def _answers(found: Sequence[Session], parameters: Parameters, *, calibrated: bool) -> Answers:
    """Truth (n,), probabilities (n, 9) and label of every frame of a look; unread frames have even probabilities."""
    truth, rows, said = [], [], []
    for session in found:
        named: Named = name(session, parameters, calibrated=calibrated)
        for seen, observation in zip(interview(session), named.observations, strict=True):
            if seen.part != "look":
                continue
            is_read = observation is not None and bool(observation.probabilities)
            truth.append(LABELS.index(seen.target))
            rows.append(observation.probabilities if observation is not None and is_read else [1 / len(LABELS)] * 9)
            said.append(observation.label if observation is not None and is_read else "")
    return np.array(truth), np.array(rows, np.float64), said


def _scores(truth: Any, probabilities: Any, said: Sequence[str], row: dict[str, Any]) -> Scores:
    is_read = np.array([label != "" for label in said])
    named = np.array([LABELS.index(label) if label else 0 for label in said])
    confusion = confusion_matrix(truth[is_read], named[is_read], len(LABELS))
    support = np.bincount(truth, minlength=len(LABELS))
    per_class = {label: float(confusion[i, i] / support[i]) for i, label in enumerate(LABELS)}
    low, high = row["interval"]
    return Scores(
        n=len(truth),
        labels=LABELS,
        accuracy=row["accuracy"],
        accuracy_interval=(low, high),
        macro_f1=macro_f1(confusion),
        uar=float(np.mean(list(per_class.values()))),
        ece=expected_calibration_error(truth, probabilities),
        per_class_recall=dict(per_class),
        confusion=confusion.tolist(),
    )
