"""The objects inside the text messages of the live sockets, as types.

A name that ends in ``_ms`` is in milliseconds, one in ``_s`` in seconds; shares and probabilities are in 0..1.
"""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from analysis.live.protocol import STRING_LENGTH

Text = Annotated[str, Meta(max_length=STRING_LENGTH)]
Integer = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
"""The largest integer that a JavaScript number holds exactly."""

RoomStatus = Literal["waiting", "live", "ended", "stored", "unrecorded", "failed"]
AnalysisStatus = Literal["starting", "on", "paused", "off", "overloaded", "interrupted"]
Stage = Literal["check", "calibration", "waiting", "call"]
Role = Literal["host", "observer"]
ErrorCode = Literal["bad_message", "bad_frame", "bad_audio", "nobody_there", "internal"]
ChangedRows = Literal["questions", "prepared_questions", "notes", "invitation"]


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """An object inside a message."""


class Participant(Part, frozen=True):
    """One connection: a reload is a new participant."""

    participant: Text
    name: Text


class PresenceState(Part, frozen=True):
    """Who is in the room."""

    host: Participant | None
    observers: list[Participant]
    candidate: Participant | None


class RoomState(Part, frozen=True):
    """``recording_started_ms``: second 0 of the room's clock; None before the recording."""

    status: RoomStatus
    opened: bool
    blind: bool
    recording_started_ms: float | None


class AnalysisState(Part, frozen=True):
    """``fps`` frames a second are wanted, and sound if ``audio``."""

    state: AnalysisStatus
    sentence: Text
    fps: Integer
    audio: bool


class Agreements(Part, frozen=True):
    """The candidate's answers; None before the answer."""

    recording: bool | None
    analysis: bool | None
    transcript: bool | None


class CalibrationState(Part, frozen=True):
    """The gaze calibration; ``error_degrees`` is its residual error, None where it is unknown."""

    calibrated: bool
    error_degrees: float | None


class MediaState(Part, frozen=True):
    """The candidate's devices, recorder and page."""

    camera: bool
    microphone: bool
    recording: bool
    analysis_paused: bool
    visible: bool


class CandidateState(Part, frozen=True):
    """The candidate as recruiters see them; ``media`` and ``stage`` are None until the candidate's page sends them."""

    agreements: Agreements
    calibration: CalibrationState
    media: MediaState | None
    stage: Stage | None


class IceServer(Part, frozen=True):
    """A STUN or TURN server, as ``RTCPeerConnection`` takes it."""

    urls: list[Text]
    username: Text | UnsetType = UNSET
    credential: Text | UnsetType = UNSET


class ModalityReading(Part, frozen=True):
    """The newest output of one recogniser; without a ``label``, ``reason`` is the sentence why.

    ``window``: [start, end) of the speech that was read; absent for readings of a frame.
    """

    available: bool
    reason: Text
    label: Text | None
    confidence: float | None
    probabilities: dict[str, float]
    window: list[Integer] | UnsetType = UNSET


class MetricValue(Part, frozen=True):
    """One metric of the call up to now; without a ``value``, ``reason`` is the sentence why."""

    value: float | None
    reason: Text
    coverage: float | None


class Distribution(Part, frozen=True):
    """The distribution of one modality up to now, by label. ``coverage``: observed share of the call."""

    shares: dict[str, float]
    counts: dict[str, Integer]
    coverage: float
    observed_s: float


class Summary(Part, frozen=True):
    """The running summary of the call: metrics by name, distributions by modality; ``at_s`` on the room's clock."""

    at_s: float
    values: dict[str, MetricValue]
    distributions: dict[str, Distribution]


class CandidateView(Part, frozen=True):
    """The fields of ``welcome`` for the candidate's page."""

    room: RoomState
    presence: PresenceState
    analysis: AnalysisState
    agreements: Agreements
    calibration: CalibrationState


class RecruiterView(Part, frozen=True):
    """The fields of ``welcome`` for a recruiter's page; the candidate's connection then sends the rest."""

    room: RoomState
    presence: PresenceState
    candidate: CandidateState
