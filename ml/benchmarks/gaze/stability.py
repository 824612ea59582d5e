"""Does a steady gaze stay in one area, and how soon is a real look answered? Measured on the steady sessions.

Both belong together: whoever waits long enough never flickers, and never answers.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from ml.benchmarks.gaze.ground_truth import MODES, Session, interview, name, name_live, share_of
from ml.benchmarks.rendering import gaze_sessions
from ml.eye_gaze.parameters import Parameters
from ml.timeline import UNKNOWN

SETTLED_S: Final = 0.3
"""A look is to be answered within this time; what changes later while it rests is flicker."""


def figures(found: Sequence[Session], parameters: Parameters) -> dict[str, Any]:
    """``flicker`` and ``answers`` of the steady sessions by way of reading: each mode of a recording, of a call
    (``_live``) and without what steadies it (``_unsteadied``), and the paper's rule."""
    ways = _ways(found, parameters)
    return {"flicker": _flicker(found, ways), "answers": _answers(found, ways)}


def _ways(found: Sequence[Session], parameters: Parameters) -> dict[str, list[list[str]]]:
    """The labels of each session's interview as a recording is read, as a call is, and without what steadies."""
    loose = replace(parameters, hysteresis=0.0, dwell_s=0.0)
    ways: dict[str, list[list[str]]] = {}
    for mode in MODES:
        calibrated = mode == "calibrated"
        for suffix, named in (
            ("", [name(s, parameters, calibrated=calibrated) for s in found]),
            ("_live", [name_live(s, parameters, calibrated=calibrated) for s in found]),
            ("_unsteadied", [name(s, loose, calibrated=calibrated) for s in found]),
        ):
            ways[mode + suffix] = [[o.label if o else UNKNOWN for o in n.observations] for n in named]
    return ways | {"paper": [[seen.paper for seen in interview(s)] for s in found]}


def _flicker(found: Sequence[Session], ways: dict[str, list[list[str]]]) -> dict[str, Any]:
    """While the gaze rests on or near a border, per second: ``returns`` to an area that this look had already left,
    which is flicker however one looks at it, and all ``changes`` from ``SETTLED_S`` after it went there, among which
    are those of a look so near to the border that it is noticed late."""
    rates: dict[str, Any] = {}
    for way, said in ways.items():
        changes = returns = frames = settled = 0
        for session, labels in zip(found, said, strict=True):
            for look in _looks(session, "steady"):
                named = [labels[i] for i in look]
                frames += len(named)
                returns += sum(one != other and other in named[:i] for i, (one, other) in enumerate(pairwise(named)))
                late = named[round(SETTLED_S * gaze_sessions.FPS) :]
                settled += len(late) - 1
                changes += sum(one != other for one, other in pairwise(late))
        rates[way] = {
            "returns": round(gaze_sessions.FPS * returns / max(1, frames), 3),
            "changes": round(gaze_sessions.FPS * changes / max(1, settled), 3),
        }
    return rates


def _answers(found: Sequence[Session], ways: dict[str, list[list[str]]]) -> dict[str, Any]:
    """Looks aside after a while straight ahead: the share that is answered with their area within ``SETTLED_S``, and
    at all while they last; and after how many seconds half and nine tenths of those that are answered at all are."""
    figures = {}
    for way, said in ways.items():
        waits = []
        for session, labels in zip(found, said, strict=True):
            after = interview(session)
            for look in _looks(session, "aside"):
                right = [labels[i] == after[i].target for i in look]
                waits.append(right.index(True) / gaze_sessions.FPS if True in right else math.inf)
        answered = [wait for wait in waits if wait < math.inf]
        figures[way] = {
            "looks": len(waits),
            "in_time": share_of(sum(wait <= SETTLED_S for wait in waits), len(waits)),
            "at_all": share_of(len(answered), len(waits)),
            "median_s": round(float(np.quantile(answered, 0.5)), 3) if answered else None,
            "nine_tenths_s": round(float(np.quantile(answered, 0.9)), 3) if answered else None,
        }
    return figures


def _looks(session: Session, part: str) -> list[list[int]]:
    """The positions in the interview of each look that is this part."""
    looks: dict[int, list[int]] = {}
    for i, seen in enumerate(interview(session)):
        if seen.part == part:
            looks.setdefault(seen.fixation, []).append(i)
    return list(looks.values())
