"""What the candidate of an interview agrees to now, and every answer that led there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied

from interviews.models import ConsentEvent, ConsentEvidence, Interview, Room

Purpose = ConsentEvent.Purpose

ANALYSES: Final = (Purpose.FACE, Purpose.EYES, Purpose.VOICE)
"""The purposes behind the one box for the analysis."""
NOT_WATCHED: Final = (
    "The candidate no longer agrees to the recording. It is kept by a hold on this interview, and shown to nobody."
)


@dataclass(frozen=True, slots=True)
class Consents:
    """The answers that stand, by purpose; a purpose that was never answered is absent. Nothing is agreed to by that.

    ``lacks_evidence``: a recruiter wrote down a yes, and nothing that was recorded shows it.
    """

    answers: dict[str, bool] = field(default_factory=dict)
    lacks_evidence: bool = False

    def given(self, purpose: str) -> bool:
        return self.answers.get(purpose, False)

    @property
    def recording(self) -> bool:
        return self.given(Purpose.RECORDING)

    @property
    def has_withdrawn_recording(self) -> bool:
        """Whether the recording was refused; one that is there all the same is kept by a hold, and shown to nobody."""
        return self.answers.get(Purpose.RECORDING) is False

    @property
    def analysis(self) -> bool:
        """Whether any of the analyses is agreed to."""
        return any(self.given(purpose) for purpose in ANALYSES)

    @property
    def transcript(self) -> bool:
        return self.given(Purpose.TRANSCRIPT)

    @property
    def sharing(self) -> bool:
        """Whether the report may be shown to people outside the organization."""
        return self.given(Purpose.SHARING)

    @property
    def training(self) -> bool:
        """Whether labels that people corrected may become training data, with the stretches that they are about."""
        return self.recording and self.given(Purpose.TRAINING)


def consents_of(*, interview_id: UUID) -> Consents:
    """The answers that stand for an interview: the latest of each purpose."""
    return consents_of_all(interview_ids=[interview_id])[interview_id]


def watching_require(*, interview: Interview) -> None:
    """Raises ``PermissionDenied`` where the candidate no longer agrees to the recording, which a hold alone keeps."""
    if consents_of(interview_id=interview.pk).has_withdrawn_recording:
        raise PermissionDenied(NOT_WATCHED)


def consents_of_all(*, interview_ids: Iterable[UUID]) -> dict[UUID, Consents]:
    """The answers that stand for each interview: two queries however many there are."""
    standing: dict[UUID, dict[str, ConsentEvent]] = {interview_id: {} for interview_id in interview_ids}
    for event in ConsentEvent.objects.filter(interview__in=standing).order_by("pk"):
        standing[event.interview_id][event.purpose] = event
    stated = {
        interview_id
        for interview_id, events in standing.items()
        if any(event.given and event.how == ConsentEvent.How.RECORDED for event in events.values())
    }
    shown = ConsentEvidence.objects.filter(interview__in=stated).values_list("interview", flat=True) if stated else ()
    unshown = stated - set(shown)
    return {
        interview_id: Consents({key: event.given for key, event in events.items()}, interview_id in unshown)
        for interview_id, events in standing.items()
    }


def room_agreements(*, room: Room) -> dict[str, bool | None]:
    """By box of the room (``recording``, ``analysis``, ``transcript``) whether it is agreed to from now on; None: not
    answered."""
    consents = consents_of(interview_id=room.interview_id)
    answered = consents.answers.keys()
    goes_on = consents.recording and room.recording_stopped_at is None
    return {
        "recording": goes_on if Purpose.RECORDING in answered else None,
        "analysis": consents.analysis if answered & set(ANALYSES) else None,
        "transcript": consents.transcript if Purpose.TRANSCRIPT in answered else None,
    }
