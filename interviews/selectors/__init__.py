"""Reading. The access helpers answer 404 for what another organization owns, exactly as for what does not exist."""

from interviews.selectors.interviews import (
    Viewer,
    get_interview,
    get_question,
    get_recording,
    get_upload,
    interviews_search,
    organization_of,
)
from interviews.selectors.rooms import (
    candidate_room,
    get_candidate_room,
    get_room,
    invitation_by_token,
    room_agreements,
    room_visible,
)

__all__ = [
    "Viewer",
    "candidate_room",
    "get_candidate_room",
    "get_interview",
    "get_question",
    "get_recording",
    "get_room",
    "get_upload",
    "interviews_search",
    "invitation_by_token",
    "organization_of",
    "room_agreements",
    "room_visible",
]
