"""Readings: what the recognisers give for one moment of a live session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ml import gaps
from ml.eye_gaze.geometry import GazeSample
from ml.live.capture_quality import CaptureQuality
from ml.timeline import UNKNOWN, Observation

NO_FACE: Final = "No face is in the picture."
STANDS_STILL: Final = "The picture stands still."
TURNED: Final = "The face is turned too far away."
TOO_SMALL: Final = "The face is too small to read the eyes."
TOO_DARK: Final = "It is too dark to read the face."
BLURRED: Final = "The picture is not sharp enough to read the face."
MOUTH_COVERED: Final = "The mouth is covered, so the face cannot be read."
EYES_CLOSED: Final = "The eyes are closed or cannot be seen."
MUSICAL: Final = "This was singing, music or a tone: no emotion is read."
UNREAD: Final[Mapping[str, str]] = {
    gaps.TURNED_AWAY: TURNED,
    gaps.TOO_DARK: TOO_DARK,
    gaps.BLURRED: BLURRED,
    gaps.FACE_SMALL: TOO_SMALL,
}
"""The sentence of each reason why a face in view is not read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of one recogniser for one moment.

    ``label`` is ``None`` if there is none, and ``reason`` says why. ``probabilities`` by label. Beside a label
    ``reason`` says how to interpret it, and is usually empty.
    """

    label: str | None
    confidence: float = 0.0
    probabilities: Mapping[str, float] = field(default_factory=dict)
    reason: str = ""

    @classmethod
    def of(cls, observation: Observation, labels: Sequence[str], reason: str = "") -> "Reading":
        """The reading of an observation whose probabilities are in the order of ``labels``."""
        if observation.label == UNKNOWN:
            return cls(UNKNOWN, reason=reason)
        named = dict(zip(labels, observation.probabilities, strict=True))
        return cls(observation.label, observation.confidence, named, reason)


@dataclass(frozen=True, slots=True)
class FrameReadings:
    """The results for one frame.

    ``readings`` by modality, without those not due with this frame. ``gaze`` is the sample behind the gaze area,
    ``quality`` is ``None`` unless asked for and due.
    """

    faces: int
    readings: Mapping[str, Reading]
    gaze: GazeSample | None
    quality: CaptureQuality | None
