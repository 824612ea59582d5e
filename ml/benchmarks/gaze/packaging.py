"""Writes the results of the gaze benchmark into a version's folder: headline metrics, evaluation, plots and card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ml.arrays import Float64, Int64
from ml.artifacts import Artifact
from ml.benchmarks.gaze import card
from ml.benchmarks.gaze.ground_truth import MODES, GazeSession, predict
from ml.benchmarks.gaze.metrics import STEADY
from ml.benchmarks.gaze.run import BenchmarkResult
from ml.eye_gaze.labels import LABELS
from ml.eye_gaze.parameters import Parameters, load
from ml.training import package
from ml.training.evaluation import Evaluation, EvaluationResult, Notes
from ml.training.metrics import Scores, confusion_matrix, expected_calibration_error, macro_f1

SUMMARY: Final = (
    "Gives the area that a candidate looks at, {top, center, bottom} x {left, center, right}, for every sampled frame, "
    "or `unknown` while the eyes are closed. Left and right are the candidate's own. The middle area is `center`."
)
RECIPE: Final = (
    "MediaPipe's face mesh gives the eye corners and the head pose. Its iris network gives the iris and the lids, as "
    "the mean of five predictions on each eye, in its place and shifted by four pixels in each direction (test-time "
    "augmentation). They share the network's trunk.",
    "Before that, a Gaussian low-pass filter (0.7 pixels of the network's input) removes noise of the sensor and of "
    "compression, which the network follows: the vertical direction then depends an eighth less on the encoding. Its "
    "width was chosen after the reported half and one recording with that fault had been seen.",
    "The vertical length of an iris offset (3.1 instead of geometry-v4's 3.5 mm) was chosen with that filter on the "
    "development half. There 92.4 % of the uncalibrated frames are right (geometry-v4: 91.7 %) and 95.2 % of the "
    "calibrated ones (95.4 %).",
    "The direction of the gaze is the offset of the iris from the midpoint between the eye corners, as the mean of "
    "both eyes weighted by their visible width, plus a share of the head direction.",
    "Calibrated: a second-order map is fitted to samples of nine targets by ridge regression, without outliers. "
    "Leave-one-target-out cross-validation chooses the ridge penalty. Its error is stored with the calibration.",
    "Uncalibrated: the session's median direction is the middle, wherever the camera is.",
    "The angle from the camera (yaw and pitch in degrees, of every sample and of the session's median) is the arcsine "
    "of the iris offset plus a share of the head direction. Its two lengths are fitted to rendered looks in which head "
    "and eyes turn together.",
    "Hysteresis: an area changes once the samples beyond its border, weighted by their distance from it, have lasted "
    "for more than a tenth of a second. At ten frames a second a look at another area needs two samples. In a "
    "recording the change counts from the first of them, live from the last. Distances are in units of the noise of "
    "a sample, which grows as the face gets smaller.",
    "Probabilities follow from a normal distribution whose deviation depends on the size of the face, or on the error "
    "of the calibration.",
    "Nothing is trained. Borders, radii and thresholds were chosen on rendered people of other portraits than those "
    "reported (`benchmark_gaze --chosen-on`). The hysteresis (0.012 in sines; 0.015 in "
    "geometry-v4) is the smallest with which a gaze on a border, with the noise of single samples, changes its area at "
    "most six times a minute. Accuracy on these people falls with it, by 0.3 points from none to 0.012.",
    "The share of the head direction is a compromise between the optimum on these renderings (1.3 mm per sine "
    "horizontally, none vertically) and that on recordings of people who talk to the camera (4.5 horizontally in the "
    "longest of them, 1.7 vertically).",
)
LIMITS: Final = (
    "The people are rendered: portraits turned in three dimensions with painted eyes. One of the four is the mirror "
    "image of another. No recording of real people with known gaze targets was available.",
    "Every rendered session looks back at the middle half of the time, on which the uncalibrated mode depends.",
    "Without a calibration the middle is where a candidate mostly looks, whatever is there.",
    "The angle from the camera is known to about 10 degrees, with a constant error for each person. It is given for "
    "the main direction of a session only.",
    "Vertical gaze is less certain than horizontal gaze, because the lids follow the eye.",
    "People differ more than the intervals suggest: on six people of the three portraits of the development half, two "
    "of these not frontal, geometry-v3 was right for 88.9 % of the frames calibrated and 82.9 % uncalibrated, and "
    "detected 78.7 % of the blinks.",
    "The people of this card are not those of geometry-v3's, which was right for 95.4 % of the frames calibrated and "
    "96.1 % uncalibrated on them. On the sessions of this card geometry-v3 is right for 91.0 % and 86.5 %, geometry-v4 "
    "for 91.8 % and 87.3 %.",
    "Compression and size add noise. Between two encodings of a recording (three people, H.264) the vertical "
    "direction of one sample differs by 0.03 to 0.05 (standard deviation of the sine) at 72 pixels between the eyes, "
    "and by 0.04 to 0.08 at 36; half of the middle area is 0.10. A constant difference, up to 0.12 at 36 pixels, is "
    "in the main direction and not in the areas. So a look that rests near a border may get another area in another "
    "encoding.",
    "Reflections that cover the iris, low light and a turned head reduce the accuracy most. Reflections hide blinks.",
    "A steady gaze on a border may still change its area, once in many seconds. Looks shorter than two samples are not "
    "detected.",
    "Faces with less than 16 pixels between the eyes are not measured. Below 46 pixels the confidence falls.",
)
TITLES: Final = {"calibrated": "Rendered looks, calibrated", "uncalibrated": "Rendered looks, uncalibrated"}
NOTE: Final = "frames labelled `unknown` count as wrong and are in no column of the confusion matrix"


def renew(artifact: Artifact, result: BenchmarkResult) -> Artifact:
    """The version with these results and the same parameters. Raises ``OSError`` if the folder is read-only."""
    parameters = load(artifact)
    scored = [session for session in result.sessions if session.condition.name != STEADY]
    predictions = {mode: _predictions(scored, parameters, calibrated=mode == "calibrated") for mode in MODES}
    metrics = result.metrics
    headline: dict[str, Any] = {f"rendered_{mode}_accuracy": metrics["all"][mode]["accuracy"] for mode in MODES}
    headline["rendered_paper_rule_accuracy"] = metrics["all"]["paper"]["accuracy"]
    headline["rendered_blink_recall"] = metrics["blinks"]["recall"]["share"]
    headline["rendered_blink_precision"] = metrics["blinks"]["precision"]["share"]
    evaluation = Evaluation(
        results=tuple(
            EvaluationResult(mode, TITLES[mode], _scores(predicted, metrics["all"][mode]), NOTE)
            for mode, predicted in predictions.items()
        ),
        truth=predictions["calibrated"].truth,
        probabilities=predictions["calibrated"].probabilities,
        headline=headline,
        extra={"benchmark": metrics},
        limits=LIMITS,
    )
    notes = Notes(summary=SUMMARY, paper_claim="", recipe=RECIPE)
    return package.renew(artifact, evaluation, notes=notes, sections=card.SECTIONS)


@dataclass(frozen=True)
class _LookPredictions:
    """The frames of all looks: ``truth`` (n,), ``predicted`` (n,), -1 where the label is ``unknown``, and
    ``probabilities`` (n, 9), uniform where the label is ``unknown``."""

    truth: Int64
    predicted: Int64
    probabilities: Float64


def _predictions(sessions: Sequence[GazeSession], parameters: Parameters, *, calibrated: bool) -> _LookPredictions:
    truth, predicted, probabilities = [], [], []
    for session in sessions:
        observations = predict(session, parameters, calibrated=calibrated).observations
        for frame, observation in zip(session.interview, observations, strict=True):
            if frame.part != "look":
                continue
            truth.append(LABELS.index(frame.target))
            if observation is not None and observation.is_observed:
                predicted.append(LABELS.index(observation.label))
                probabilities.append(observation.probabilities)
            else:
                predicted.append(-1)
                probabilities.append((1 / len(LABELS),) * len(LABELS))
    return _LookPredictions(np.array(truth), np.array(predicted), np.array(probabilities, np.float64))


def _scores(predictions: _LookPredictions, accuracy: dict[str, Any]) -> Scores:
    is_observed = predictions.predicted >= 0
    confusion = confusion_matrix(predictions.truth[is_observed], predictions.predicted[is_observed], len(LABELS))
    support = np.bincount(predictions.truth, minlength=len(LABELS))
    per_class = {label: float(confusion[i, i] / support[i]) for i, label in enumerate(LABELS)}
    low, high = accuracy["interval"]
    return Scores(
        n=len(predictions.truth),
        labels=LABELS,
        accuracy=accuracy["accuracy"],
        accuracy_interval=(low, high),
        macro_f1=macro_f1(confusion),
        uar=float(np.mean(list(per_class.values()))),
        ece=expected_calibration_error(predictions.truth, predictions.probabilities),
        per_class_recall=dict(per_class),
        confusion=confusion.tolist(),
    )
