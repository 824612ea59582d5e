"""Access to the candidate's own page, by its link or from the browser that was let into the interview.

Whoever has the link sees what is held, and can withdraw and ask for erasure. A recruiter has the link of an invitation
too; so the report, the recording, a copy and a yes need the browser that took part in the interview, or a code that is
mailed to the candidate (:data:`CONFIRMED`).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404

from interviews.models import CandidateRequest, Interview, Invitation, OwnPageLink, Room
from interviews.selectors.policy import interview_erased_at, interview_hold
from interviews.selectors.rooms import candidate_room

GRANTS: Final = "own_pages"
"""Key in a candidate's session: ``{interview id: hash of the link's token}``."""
CONFIRMED: Final = "own_pages_confirmed"
"""Key in a candidate's session: ids of the interviews whose mailed code was entered."""

_RELATED: Final = ("candidate", "position", "organization", "owner")


@dataclass(frozen=True, slots=True)
class OwnPage:
    """An interview as its candidate sees it; ``is_confirmed``: more than the link says that it is the candidate."""

    interview: Interview
    is_confirmed: bool


def own_page_by_token(*, token: str) -> Interview | None:
    """The interview to whose own page a link leads that carries ``token``."""
    return _interview_by_sha256(sha256=token_sha256(token))


def token_sha256(token: str) -> str:
    """What rows and sessions keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def get_own_page(session: Mapping[str, Any], interview_id: UUID) -> OwnPage:
    """Raises ``Http404`` unless this browser opened the page's link, or was let into the interview's room."""
    room = Room.objects.filter(interview=interview_id).first()
    took_part = room is not None and candidate_room(session=session, room_id=room.pk) is not None
    interview = Interview.objects.select_related(*_RELATED).filter(pk=interview_id).first()
    if interview is None or not (took_part or _is_granted(session, interview)):
        raise Http404
    is_confirmed = took_part or str(interview_id) in session.get(CONFIRMED, [])
    return OwnPage(interview, is_confirmed)


def get_confirmed_own_page(session: Mapping[str, Any], interview_id: UUID) -> Interview:
    """Raises ``Http404`` as :func:`get_own_page`, and where nothing but the link says that it is the candidate."""
    page = get_own_page(session, interview_id)
    if not page.is_confirmed:
        raise Http404
    return page.interview


def erasure_request(*, interview: Interview) -> CandidateRequest | None:
    """The erasure that the candidate asked for and that is not done yet."""
    erasures = interview.candidate_requests.filter(kind=CandidateRequest.Kind.ERASURE)
    return erasures.filter(done_at=None, withdrawn_at=None).first()


def held_until(*, interview: Interview) -> datetime | None:
    """When the interview is erased by itself; None while no time has begun. A hold moves it."""
    erased_at, hold = interview_erased_at(interview=interview), interview_hold(interview=interview)
    return max(erased_at, hold.until) if erased_at is not None and hold is not None else erased_at


def _is_granted(session: Mapping[str, Any], interview: Interview) -> bool:
    sha256 = session.get(GRANTS, {}).get(str(interview.pk))
    return sha256 is not None and _interview_by_sha256(sha256=sha256) == interview


def _interview_by_sha256(*, sha256: str) -> Interview | None:
    links = OwnPageLink.objects.select_related(*[f"interview__{path}" for path in _RELATED])
    link = links.filter(token_sha256=sha256, revoked_at=None).first()
    if link is not None:
        return link.interview
    invitations = Invitation.objects.select_related(*[f"room__interview__{path}" for path in _RELATED])
    invitation = invitations.filter(token_sha256=sha256, revoked_at=None).first()
    return invitation.room.interview if invitation is not None else None
