"""Temporal stability of the areas: flicker of a steady gaze on a border, and latency of a look at another area.

Both are measured together because they trade off: a longer dwell time lowers the flicker and raises the latency.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ml.benchmarks.gaze.ground_truth import MODES, GazeSession, predict, predict_live, proportion
from ml.benchmarks.rendering.gaze_sessions import FPS
from ml.eye_gaze.parameters import Parameters

SETTLED_S: Final = 0.3
"""Time in which a look is to be detected, in seconds. Changes of area during the same look after it are flicker."""

Labels = dict[str, list[list[str]]]
"""By variant: the label of each interview frame of each session."""


def stability(sessions: Sequence[GazeSession], parameters: Parameters) -> dict[str, Any]:
    """``flicker`` and ``latency`` of the steady sessions by variant: each mode as for a recording, as in a live session
    (``_live``) and without hysteresis and dwell time (``_raw``), and the paper's rule (``paper``)."""
    labels = _labels(sessions, parameters)
    return {
        "flicker": {variant: flicker(sessions, of) for variant, of in labels.items()},
        "latency": {variant: latency(sessions, of) for variant, of in labels.items()},
    }


def flicker(sessions: Sequence[GazeSession], labels: Sequence[Sequence[str]]) -> dict[str, float]:
    """Changes of area per second while the gaze rests on or near a border (part ``steady``).

    ``returns``: to an area that the same look had left, which is flicker by any definition. ``changes``: all changes
    later than ``SETTLED_S`` after the look began, which include the late detection of looks close to the border.
    """
    changes = returns = frames = settled = 0
    for session, of_session in zip(sessions, labels, strict=True):
        for look in _looks(session, "steady"):
            areas = [of_session[i] for i in look]
            frames += len(areas)
            returns += sum(one != other and other in areas[:i] for i, (one, other) in enumerate(pairwise(areas)))
            late = areas[round(SETTLED_S * FPS) :]
            settled += len(late) - 1
            changes += sum(one != other for one, other in pairwise(late))
    return {
        "returns": round(FPS * returns / max(1, frames), 3),
        "changes": round(FPS * changes / max(1, settled), 3),
    }


def latency(sessions: Sequence[GazeSession], labels: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Time until a look aside (part ``aside``) is detected, that is, labelled with its own area.

    ``in_time``: proportion of looks detected within ``SETTLED_S``. ``detected``: proportion detected at all while they
    last. ``median_s`` and ``p90_s``: quantiles of the latency of detected looks in seconds, ``None`` without any.
    """
    latencies = []
    for session, of_session in zip(sessions, labels, strict=True):
        frames = session.interview
        for look in _looks(session, "aside"):
            is_right = [of_session[i] == frames[i].target for i in look]
            latencies.append(is_right.index(True) / FPS if True in is_right else math.inf)
    detected = [latency_s for latency_s in latencies if latency_s < math.inf]
    return {
        "looks": len(latencies),
        "in_time": proportion(sum(latency_s <= SETTLED_S for latency_s in latencies), len(latencies)),
        "detected": proportion(len(detected), len(latencies)),
        "median_s": round(float(np.quantile(detected, 0.5)), 3) if detected else None,
        "p90_s": round(float(np.quantile(detected, 0.9)), 3) if detected else None,
    }


def _labels(sessions: Sequence[GazeSession], parameters: Parameters) -> Labels:
    raw = replace(parameters, hysteresis=0.0, dwell_s=0.0)
    labels: Labels = {}
    for mode in MODES:
        calibrated = mode == "calibrated"
        labels[mode] = [predict(s, parameters, calibrated=calibrated).labels for s in sessions]
        labels[f"{mode}_live"] = [predict_live(s, parameters, calibrated=calibrated).labels for s in sessions]
        labels[f"{mode}_raw"] = [predict(s, raw, calibrated=calibrated).labels for s in sessions]
    return labels | {"paper": [[frame.paper for frame in s.interview] for s in sessions]}


def _looks(session: GazeSession, part: str) -> list[list[int]]:
    """Indices into the interview of the frames of each look of this part."""
    looks: dict[int, list[int]] = {}
    for i, frame in enumerate(session.interview):
        if frame.part == part:
            looks.setdefault(frame.fixation, []).append(i)
    return list(looks.values())
