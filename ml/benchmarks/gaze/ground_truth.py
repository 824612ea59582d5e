"""Sessions in which the gaze is known, and what the recogniser says of them: as recordings, and as calls."""

from dataclasses import dataclass
from typing import Any, Final

from ml.benchmarks.rendering.gaze_conditions import Condition
from ml.eye_gaze import areas
from ml.eye_gaze.calibration import Calibration, CalibrationRefused, Sample, fit
from ml.eye_gaze.geometry import Reading
from ml.eye_gaze.labels import LABELS
from ml.eye_gaze.live import LiveGaze
from ml.eye_gaze.parameters import Parameters
from ml.timeline import Observation
from ml.training.metrics import wilson_interval

MODES: Final = ("calibrated", "uncalibrated")


@dataclass(frozen=True, slots=True)
class Seen:
    """One frame: what it showed, and what was read (None: no face, or one too small)."""

    part: str
    target: str
    fixation: int
    left_deg: float
    up_deg: float
    closed: float
    reading: Reading | None
    paper: str


@dataclass(frozen=True)
class Session:
    person: str
    condition: Condition
    seen: tuple[Seen, ...]


@dataclass(frozen=True)
class Named:
    """What one mode of reading said of a session's frames, in their order."""

    observations: tuple[Observation | None, ...]
    calibration: Calibration | None = None
    refused: str = ""


def interview(session: Session) -> list[Seen]:
    """The frames after the dots."""
    return [seen for seen in session.seen if seen.part != "dot"]


def name(session: Session, parameters: Parameters, *, calibrated: bool) -> Named:
    """The areas of the interview; a session whose calibration is refused is read without one, as in the product."""
    calibration, refused = None, ""
    if calibrated:
        dots = [Sample.of(seen.target, seen.reading) for seen in session.seen if seen.part == "dot" and seen.reading]
        try:
            calibration = fit(dots, parameters, target_deg=session.condition.dots_deg)
        except CalibrationRefused as error:
            refused = str(error)
    after = interview(session)
    found = iter(areas.observations([s.reading for s in after if s.reading], parameters, calibration))
    return Named(tuple(next(found) if s.reading else None for s in after), calibration, refused)


def name_live(session: Session, parameters: Parameters, *, calibrated: bool) -> Named:
    """As :func:`name`, from frame to frame, as in a call."""
    # Fitting is quick; that it is done once more per session is not felt.
    calibration = name(session, parameters, calibrated=calibrated).calibration
    gaze = LiveGaze(parameters, calibration)
    found: list[Observation | None] = []
    for seen in interview(session):
        reading = seen.reading
        if reading is None:
            found.append(None)
            continue
        label, chances = gaze.area(reading)
        confidence = chances[LABELS.index(label)] if chances else 0.0
        found.append(Observation(reading.start_s, reading.end_s, label, confidence, chances))
    return Named(tuple(found), calibration)


def share_of(part: int, whole: int) -> dict[str, Any]:
    interval = [round(bound, 4) for bound in wilson_interval(part, whole)]
    return {"share": round(part / max(1, whole), 4), "interval": interval}
