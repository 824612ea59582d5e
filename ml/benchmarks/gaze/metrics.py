"""Metrics of the gaze benchmark: accuracy by mode and condition, blinks, flicker and latency."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from ml.benchmarks.gaze.ground_truth import MODES, GazeSession, Predictions, predict, proportion
from ml.benchmarks.gaze.stability import stability
from ml.eye_gaze.parameters import Parameters
from ml.timeline import UNKNOWN
from ml.training.metrics import wilson_interval

STEADY: Final = "steady"
"""Name of the condition of the steady sessions, on which flicker and latency are measured."""
CLOSED_FROM, OPEN_TO = 0.8, 0.2
"""Lid closure from which the ground truth is closed, and up to which it is open. In between either label is right."""


def metrics(sessions: Sequence[GazeSession], parameters: Parameters) -> dict[str, Any]:
    """All metrics, as ``benchmark_gaze --json`` writes them. Proportions are 0..1. Intervals are Wilson's, 95 %, with
    the number of looks as sample size, because the frames of one look are correlated."""
    scored = [s for s in sessions if s.condition.name != STEADY]
    steady = [s for s in sessions if s.condition.name == STEADY]
    predictions = {mode: [predict(s, parameters, calibrated=mode == "calibrated") for s in scored] for mode in MODES}
    accuracy_by_condition, blink_recalls = {}, {}
    for condition in dict.fromkeys(s.condition.name for s in scored):
        here = [i for i, s in enumerate(scored) if s.condition.name == condition]
        sessions_here = [scored[i] for i in here]
        predictions_here = {mode: [of_mode[i] for i in here] for mode, of_mode in predictions.items()}
        accuracy_by_condition[condition] = _accuracies(sessions_here, predictions_here)
        blink_recalls[condition] = _blinks(sessions_here, predictions_here["uncalibrated"])["recall"]
    return {
        "people": len({s.person for s in scored}),
        "sessions": len(scored),
        "frames": sum(len(s.frames) for s in sessions),
        "all": _accuracies(scored, predictions),
        "conditions": accuracy_by_condition,
        "blinks": _blinks(scored, predictions["uncalibrated"]) | {"recall_by_condition": blink_recalls},
    } | stability(steady, parameters)


def _accuracies(sessions: Sequence[GazeSession], predictions: Mapping[str, Sequence[Predictions]]) -> dict[str, Any]:
    labels = {mode: [p.labels for p in of_mode] for mode, of_mode in predictions.items()}
    labels["paper"] = [[frame.paper for frame in session.interview] for session in sessions]
    accuracies: dict[str, Any] = {mode: _accuracy(sessions, of_mode) for mode, of_mode in labels.items()}
    calibrations = [p.calibration for p in predictions["calibrated"] if p.calibration]
    errors_deg = [calibration.error_deg for calibration in calibrations]
    accuracies["calibrated"] |= {
        "refused": sum(bool(p.refused) for p in predictions["calibrated"]),
        "left_out_error_deg": round(float(np.mean(errors_deg)), 2) if errors_deg else None,
    }
    return accuracies


def _accuracy(sessions: Sequence[GazeSession], labels: Iterable[Sequence[str]]) -> dict[str, Any]:
    """Proportion of the frames of looks that are labelled with their target."""
    hits = frames = 0
    looks = set()
    for number, (session, of_session) in enumerate(zip(sessions, labels, strict=True)):
        for frame, label in zip(session.interview, of_session, strict=True):
            if frame.part == "look":
                frames += 1
                hits += label == frame.target
                looks.add((number, frame.fixation))
    share = hits / max(1, frames)
    return {
        "accuracy": round(share, 4),
        "interval": [round(bound, 4) for bound in wilson_interval(round(share * len(looks)), len(looks))],
        "frames": frames,
        "looks": len(looks),
    }


def _blinks(sessions: Sequence[GazeSession], predictions: Sequence[Predictions]) -> dict[str, Any]:
    """Precision and recall of ``unknown`` for frames with closed eyes."""
    true_positives = false_negatives = false_positives = 0
    for session, predicted in zip(sessions, predictions, strict=True):
        for frame, label in zip(session.interview, predicted.labels, strict=True):
            is_unknown = label == UNKNOWN
            true_positives += is_unknown and frame.closed >= CLOSED_FROM
            false_negatives += not is_unknown and frame.closed >= CLOSED_FROM
            false_positives += is_unknown and frame.closed <= OPEN_TO
    return {
        "precision": proportion(true_positives, true_positives + false_positives),
        "recall": proportion(true_positives, true_positives + false_negatives),
        "closed_frames": true_positives + false_negatives,
    }
