"""What the candidate of an interview agrees to now, and every answer that led there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from interviews.models import ConsentEvent, ConsentEvidence, Room

Purpose = ConsentEvent.Purpose

ANALYSES: Final = (Purpose.FACE, Purpose.EYES, Purpose.VOICE)
"""The purposes behind the one box for the analysis."""


@dataclass(frozen=True, slots=True)
class Consents:
    """The answers that stand, by purpose; a purpose that was never answered is absent. Nothing is agreed to by that.

    ``lacks_evidence``: a recruiter wrote down a yes, and nothing that was recorded shows it.
    """

    answers: Mapping[str, bool] = field(default_factory=dict)
    lacks_evidence: bool = False

    def given(self, purpose: str) -> bool:
        return self.answers.get(purpose, False)

    @property
    def recording(self) -> bool:
        return self.given(Purpose.RECORDING)

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


def consents_of(*, interview_id: UUID) -> Consents:
    """The answers that stand for an interview: the latest of each purpose."""
    events = ConsentEvent.objects.filter(interview=interview_id).latest_by_purpose()
    is_stated = any(event.given and event.how == ConsentEvent.How.RECORDED for event in events.values())
    lacks_evidence = is_stated and not ConsentEvidence.objects.filter(interview=interview_id).exists()
    return Consents({purpose: event.given for purpose, event in events.items()}, lacks_evidence)


def room_agreements(*, room: Room) -> dict[str, bool | None]:
    """By box of the room (``recording``, ``analysis``, ``transcript``) whether it is agreed to; None: not answered."""
    consents = consents_of(interview_id=room.interview_id)
    answered = consents.answers.keys()
    return {
        "recording": consents.recording if Purpose.RECORDING in answered else None,
        "analysis": consents.analysis if answered & set(ANALYSES) else None,
        "transcript": consents.transcript if Purpose.TRANSCRIPT in answered else None,
    }
