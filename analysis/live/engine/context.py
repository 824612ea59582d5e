"""The inputs of a candidate's analysis besides frames and sound."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AnalysisContext:
    """A room and its candidate, as the database has them now.

    ``calibration`` holds the stored parameters of the gaze calibration. ``recording_started_ms`` is second 0 of the
    room's clock in epoch milliseconds of the server, and ``questions_s`` stand on that clock. ``is_held``: a legal hold
    stands, and the room's journal is not erased. ``modalities`` and ``metrics`` are those that policy allows,
    ``is_allowed`` says whether it allows live readings at all. ``corrects_prior`` is the organization's choice
    (:mod:`ml.class_prior`).
    """

    room_id: UUID
    is_live: bool
    may_be_analysed: bool
    calibration: dict[str, Any] | None
    recording_started_ms: float | None
    questions_s: tuple[float, ...]
    is_held: bool
    modalities: tuple[str, ...]
    metrics: tuple[str, ...]
    is_allowed: bool
    corrects_prior: bool

    def worker_options(self) -> dict[str, Any]:
        """The options of a worker session. All but ``corrects_prior`` may change while it is open."""
        return {
            "calibration": self.calibration,
            "started_ms": self.recording_started_ms,
            "questions_s": list(self.questions_s),
            "metrics": list(self.metrics),
            "corrects_prior": self.corrects_prior,
        }
