"""Access control of rooms, and the room's state for a connection; checked before a socket is accepted, and again."""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from analysis.live.engine.context import AnalysisContext
from analysis.live.parts import Agreements, CalibrationState, RoomState, RoomStatus
from analysis.live.room.presence import CANDIDATE, HOST, OBSERVER
from interviews.models import GazeCalibration, Room, User
from interviews.second_factor import second_factor_missing
from interviews.selectors import candidate_room, room_agreements
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_hold, interview_policy
from interviews.selectors.rooms import room_visible

THANKS: Final = "The interview has ended. Thank you for taking part."


@dataclass(frozen=True)
class Entry:
    """One person in one room, as the database has them now.

    ``name`` is the person's, ``goodbye`` the sentence for the end of the room; see :class:`AnalysisContext` for
    ``calibration``, ``recording_started_ms``, ``questions_s``, ``is_held`` and ``corrects_prior``.
    ``modalities`` and ``metrics`` are what
    policy allows to be read live: nothing where results are for the candidate alone, because the host would see them.
    """

    room_id: UUID
    role: str
    name: str
    status: RoomStatus
    opened: bool
    blind: bool
    recording_started_ms: float | None
    agreements: Agreements
    calibration: dict[str, Any] | None
    calibration_error_deg: float | None
    questions_s: tuple[float, ...]
    is_held: bool
    corrects_prior: bool
    goodbye: str
    modalities: tuple[str, ...]
    metrics: tuple[str, ...]

    @property
    def is_running(self) -> bool:
        return self.status in Room.RUNNING

    @property
    def is_live(self) -> bool:
        return self.status == "live"

    @property
    def may_be_analysed(self) -> bool:
        """Whether the room is running, the candidate agreed to analysis, and policy allows some of it; false before the
        answer."""
        return self.is_running and self.agreements.analysis is True and bool(self.modalities)

    def room_state(self) -> RoomState:
        return RoomState(self.status, self.opened, self.blind, self.recording_started_ms)

    def calibration_state(self) -> CalibrationState:
        return CalibrationState(self.calibration is not None, self.calibration_error_deg)

    def analysis_context(self) -> AnalysisContext:
        """The inputs of this candidate's analysis besides frames and sound."""
        return AnalysisContext(
            room_id=self.room_id,
            is_live=self.is_live,
            may_be_analysed=self.may_be_analysed,
            calibration=self.calibration,
            recording_started_ms=self.recording_started_ms,
            questions_s=self.questions_s,
            is_held=self.is_held,
            modalities=self.modalities,
            metrics=self.metrics,
            is_allowed=bool(self.modalities),
            corrects_prior=self.corrects_prior,
        )


def candidate_enter(*, session_key: str | None, room_id: UUID) -> Entry | None:
    """The candidate's entry; None unless this browser was admitted by a valid invitation."""
    room = candidate_room(session=_session(session_key), room_id=room_id)
    if room is None:
        return None
    return _entry(room, role=CANDIDATE, name=room.interview.candidate.name, goodbye=THANKS)


def recruiter_enter(*, session_key: str | None, room_id: UUID) -> Entry | None:
    """The recruiter's entry; None unless a user with access to the room is logged in."""
    request = HttpRequest()
    request.session = _session(session_key)
    user = get_user(request)
    if isinstance(user, AnonymousUser):
        return None
    assert isinstance(user, User)
    if second_factor_missing(user, request.session):
        return None
    room = room_visible(user=user, room_id=room_id)
    if room is None:
        return None
    role = HOST if room.host_id == user.pk else OBSERVER
    name = user.full_name or user.email
    return _entry(room, role=role, name=name, goodbye=room.end_reason or "The interview has ended.")


def room_exists(*, room_id: UUID) -> bool:
    return Room.objects.filter(pk=room_id).exists()


def _session(session_key: str | None) -> SessionBase:
    """The session, read again each time, so that a logout elsewhere takes effect."""
    store: SessionBase = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    return store


def _entry(room: Room, *, role: str, name: str, goodbye: str) -> Entry:
    started = room.recording_started_at
    calibration = GazeCalibration.objects.filter(room=room).first()
    policy = interview_policy(interview=room.interview)
    is_read = policy.shows_organization and not notice_pending(interview=room.interview, policy=policy)
    return Entry(
        room_id=room.pk,
        role=role,
        name=name,
        status=cast(RoomStatus, room.status),
        opened=room.opened_at is not None,
        blind=room.blind,
        recording_started_ms=started.timestamp() * 1000 if started is not None else None,
        agreements=Agreements(**room_agreements(room=room)),
        calibration=calibration.parameters if calibration is not None else None,
        calibration_error_deg=calibration.error_degrees if calibration is not None else None,
        questions_s=tuple(room.interview.questions.values_list("at_s", flat=True)),
        is_held=interview_hold(interview=room.interview) is not None,
        corrects_prior=room.interview.organization.corrects_prior,
        goodbye=goodbye,
        modalities=policy.modalities if is_read else (),
        metrics=policy.metrics if is_read else (),
    )
