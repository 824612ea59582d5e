"""Sessions whose gaze samples are exact: the iris is where the target is."""

from dataclasses import replace

import numpy as np

from ml import artifacts
from ml.benchmarks.gaze.ground_truth import GazeFrame, GazeSession
from ml.benchmarks.gaze.metrics import STEADY
from ml.benchmarks.rendering.gaze_conditions import CONDITIONS
from ml.benchmarks.rendering.gaze_sessions import place_deg
from ml.eye_gaze import parameters
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.labels import LABELS
from ml.modalities import EYE_GAZE

PARAMETERS = parameters.load(artifacts.find(EYE_GAZE))
PLAIN = CONDITIONS[0]


def frame(target: str, number: int, *, noise=None, closed=0.0, part="look") -> GazeFrame:
    """A frame in which the eye is exactly where the target is, plus ``noise`` in degrees. Four frames are one look."""
    left, up = np.add(place_deg(target, PLAIN.dots_deg), (0, 0) if noise is None else noise)
    iris = tuple(np.sin(np.radians([left, up])) * PARAMETERS.radius_mm)
    openness = 0.3 * (1 - closed)
    sample = GazeSample(
        number / 10, (number + 1) / 10, iris[0] / PARAMETERS.radius_mm[0], iris[1] / PARAMETERS.radius_mm[1],
        openness, 0.05, iris, (0.0, 0.0),
    )  # fmt: skip
    return GazeFrame(part, target, number // 4, float(left), float(up), closed, sample, "center")


def session(part="look", **options) -> GazeSession:
    """Nine calibration targets, a look at the middle, then a look at every area."""
    dots = [frame(target, 4 * i + j, part="dot") for i, target in enumerate(LABELS) for j in range(4)]
    targets = ["center"] * 12 + [target for target in LABELS for _ in range(4)]
    looks = [frame(target, 40 + i, part=part, **options) for i, target in enumerate(targets)]
    return GazeSession("one", PLAIN, (*dots, *looks))


def steady_session(part: str, frames) -> GazeSession:
    """A session that looks at the middle for so long that it is the median, and then as ``frames`` do, as one look."""
    middle = tuple(frame("center", 100 + i, part="back") for i in range(200))
    look = tuple(replace(one, part=part, fixation=900) for one in frames)
    before = session("back")
    return replace(before, condition=replace(PLAIN, name=STEADY), frames=(*before.frames, *middle, *look))
