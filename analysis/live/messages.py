"""The text messages of the two sockets of a live room, as types; :mod:`analysis.live.parts` has the objects in them.

:data:`DIRECTIONS` lists which messages travel in which direction. :mod:`analysis.live.protocol` has the rules that no
type can state.
"""

from typing import Any, Final, Literal

from msgspec import field

from analysis.live.parts import (
    AnalysisState,
    CalibrationState,
    CandidateState,
    CandidateView,
    ChangedRows,
    ErrorCode,
    IceServer,
    Integer,
    MediaState,
    ModalityReading,
    Part,
    PresenceState,
    RecruiterView,
    Role,
    RoomState,
    Stage,
    Summary,
    Text,
)


class Message(Part, frozen=True, tag_field="type"):
    """A message of its own; ``tag`` is the value of its field ``type``."""


# --- Messages in both directions ----------------------------------------------------------------------------------


class Ping(Message, frozen=True, tag="ping"):
    """``sent_ms`` on the browser's clock; ``rtt_ms``: the round trip of the ping before."""

    sent_ms: float
    rtt_ms: float | None = None


class Pong(Message, frozen=True, tag="pong"):
    sent_ms: float
    server_ms: float


class SignalTo(Message, frozen=True, tag="signal"):
    """WebRTC signalling, opaque to the server."""

    to: Text
    data: dict[str, Any]


class SignalFrom(Message, frozen=True, tag="signal"):
    sender: Text = field(name="from")
    data: dict[str, Any]


# --- From the candidate -------------------------------------------------------------------------------------------


class CandidateHello(Message, frozen=True, tag="hello"):
    """``tab`` distinguishes the tabs of one browser."""

    protocol: Integer
    tab: Text
    sent_ms: float


class StageReached(Message, frozen=True, tag="stage"):
    stage: Stage


class MediaChanged(Message, frozen=True, tag="media"):
    media: MediaState


class Leave(Message, frozen=True, tag="leave"):
    """The candidate leaves for good; a lost connection sends nothing."""


# --- From a recruiter ---------------------------------------------------------------------------------------------


class RecruiterHello(Message, frozen=True, tag="hello"):
    protocol: Integer
    sent_ms: float


class PictureRequest(Message, frozen=True, tag="picture"):
    """Whether the newest frame is to be kept for this recruiter."""

    wanted: bool


# --- To everybody -------------------------------------------------------------------------------------------------


class PresenceChanged(Message, frozen=True, tag="presence"):
    presence: PresenceState


class RoomChanged(Message, frozen=True, tag="room"):
    room: RoomState


class AnalysisChanged(Message, frozen=True, tag="analysis"):
    analysis: AnalysisState


class Ended(Message, frozen=True, tag="ended"):
    sentence: Text


class Error(Message, frozen=True, tag="error"):
    """The error answer to one message; the connection stays open unless it is closed as well."""

    code: ErrorCode
    sentence: Text


# --- To the candidate ---------------------------------------------------------------------------------------------


class CandidateWelcome(Message, frozen=True, tag="welcome"):
    protocol: Integer
    participant: Text
    server_ms: float
    ice_servers: list[IceServer]
    limits: dict[str, Integer]
    state: CandidateView


class FrameAck(Message, frozen=True, tag="frame_ack"):
    """``analysed`` is false for a frame that a newer one replaced, or that was not to be analysed."""

    sequence: Integer
    analysed: bool


class AudioAck(Message, frozen=True, tag="audio_ack"):
    """``lost``: chunks of sound that are missing so far."""

    sequence: Integer
    lost: Integer


class Hints(Message, frozen=True, tag="hints"):
    """How the picture suits the analysis, for the device check."""

    sequence: Integer
    face: Literal["none", "one", "several"]
    framing: Literal["good", "far", "near", "left", "right", "high", "low", "unknown"]
    light: Literal["good", "dark", "bright", "backlit", "unknown"]
    sentence: Text


class CalibrationSample(Message, frozen=True, tag="gaze"):
    """A sample for the gaze calibration: iris (x, y) and head (yaw, pitch) features, eye openness."""

    sequence: Integer
    iris: list[float]
    head: list[float]
    openness: float


class CalibrationChanged(Message, frozen=True, tag="calibration"):
    calibration: CalibrationState


class TakenOver(Message, frozen=True, tag="taken_over"):
    sentence: Text


# --- To recruiters ------------------------------------------------------------------------------------------------


class RecruiterWelcome(Message, frozen=True, tag="welcome"):
    protocol: Integer
    participant: Text
    server_ms: float
    ice_servers: list[IceServer]
    limits: dict[str, Integer]
    role: Role
    state: RecruiterView


class NewReadings(Message, frozen=True, tag="reading"):
    """New readings by modality, with the model version. ``faces`` is None for readings of speech."""

    sequence: Integer
    captured_ms: float
    age_ms: float
    faces: Integer | None
    modalities: dict[str, ModalityReading]
    models: dict[str, Text]


class SummaryChanged(Message, frozen=True, tag="metrics"):
    metrics: Summary


class CandidateChanged(Message, frozen=True, tag="candidate"):
    candidate: CandidateState


class CandidateRemoved(Message, frozen=True, tag="candidate_removed"):
    """The browser that was let in may no longer take part: the page ends its call with it."""


class RowsChanged(Message, frozen=True, tag="changed"):
    what: ChangedRows


FROM_CANDIDATE: Final = "from_candidate"
TO_CANDIDATE: Final = "to_candidate"
FROM_RECRUITER: Final = "from_recruiter"
TO_RECRUITER: Final = "to_recruiter"

_TO_EVERYBODY: Final = (Pong, PresenceChanged, SignalFrom, RoomChanged, AnalysisChanged, Ended, Error)

DIRECTIONS: Final[dict[str, tuple[type[Message], ...]]] = {
    FROM_CANDIDATE: (CandidateHello, StageReached, MediaChanged, Leave, Ping, SignalTo),
    TO_CANDIDATE: (
        *(CandidateWelcome, FrameAck, AudioAck, Hints, CalibrationSample, CalibrationChanged, TakenOver),
        *_TO_EVERYBODY,
    ),
    FROM_RECRUITER: (RecruiterHello, PictureRequest, Ping, SignalTo),
    TO_RECRUITER: (
        RecruiterWelcome,
        NewReadings,
        SummaryChanged,
        CandidateChanged,
        CandidateRemoved,
        RowsChanged,
        *_TO_EVERYBODY,
    ),
}
