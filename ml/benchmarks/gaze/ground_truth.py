"""Rendered sessions with ground truth, and what the recogniser predicts for them, offline and live."""

from dataclasses import dataclass
from typing import Any, Final

from ml.benchmarks.rendering.gaze_conditions import Condition
from ml.eye_gaze import areas
from ml.eye_gaze.calibration import Calibration, CalibrationSample
from ml.eye_gaze.fitting import CalibrationRefused, fit
from ml.eye_gaze.geometry import GazeSample
from ml.eye_gaze.live import LiveGaze
from ml.eye_gaze.parameters import Parameters
from ml.timeline import UNKNOWN, Observation
from ml.training.metrics import wilson_interval

MODES: Final = ("calibrated", "uncalibrated")


@dataclass(frozen=True, slots=True)
class GazeFrame:
    """One frame: its ground truth, the gaze sample measured on it (``None``: no face, or one too small), and the area
    by the paper's rule. ``part`` as in :class:`ml.benchmarks.rendering.gaze_sessions.RenderedFrame`."""

    part: str
    target: str
    fixation: int
    left_deg: float
    up_deg: float
    closed: float
    sample: GazeSample | None
    paper: str


@dataclass(frozen=True)
class GazeSession:
    """The frames of one person under one condition."""

    person: str
    condition: Condition
    frames: tuple[GazeFrame, ...]

    @property
    def interview(self) -> list[GazeFrame]:
        """The frames after the calibration targets."""
        return [frame for frame in self.frames if frame.part != "dot"]


@dataclass(frozen=True)
class Predictions:
    """Observations of one mode for the interview frames of a session, in their order. ``refused``: why the calibration
    was refused, empty if it was not."""

    observations: tuple[Observation | None, ...]
    calibration: Calibration | None = None
    refused: str = ""

    @property
    def labels(self) -> list[str]:
        """The label of each frame. ``unknown`` where the gaze was not measured."""
        return [observation.label if observation else UNKNOWN for observation in self.observations]


def predict(session: GazeSession, parameters: Parameters, *, calibrated: bool) -> Predictions:
    """Predictions as for a recording. A session whose calibration is refused has none, as in the product."""
    calibration, refused = None, ""
    if calibrated:
        samples = [CalibrationSample.of(f.target, f.sample) for f in session.frames if f.part == "dot" and f.sample]
        try:
            calibration = fit(samples, parameters, target_deg=session.condition.dots_deg)
        except CalibrationRefused as error:
            refused = str(error)
    frames = session.interview
    found = iter(areas.observations([f.sample for f in frames if f.sample], parameters, calibration))
    return Predictions(tuple(next(found) if f.sample else None for f in frames), calibration, refused)


def predict_live(session: GazeSession, parameters: Parameters, *, calibrated: bool) -> Predictions:
    """Predictions as in a live session, frame by frame."""
    calibration = predict(session, parameters, calibrated=calibrated).calibration
    gaze = LiveGaze(parameters, calibration)
    return Predictions(tuple(gaze.update(f.sample) if f.sample else None for f in session.interview), calibration)


def proportion(part: int, whole: int) -> dict[str, Any]:
    """``share`` 0..1 and its Wilson ``interval`` (95 %)."""
    interval = [round(bound, 4) for bound in wilson_interval(part, whole)]
    return {"share": round(part / max(1, whole), 4), "interval": interval}
