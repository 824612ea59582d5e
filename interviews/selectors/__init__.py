"""Queries. The access helpers answer 404 for what another organization owns, exactly as for what does not exist."""

from interviews.selectors.consent import Consents, consents_of, room_agreements
from interviews.selectors.interviews import (
    Viewer,
    changeable_require,
    get_changeable_interview,
    get_interview,
    get_own_upload,
    get_question,
    get_recording,
    get_upload,
    interviews_visible,
    organization_of,
)
from interviews.selectors.room_state import candidate_state, room_state
from interviews.selectors.rooms import (
    candidate_room,
    get_candidate_room,
    get_controlled_room,
    get_room,
    invitation_by_token,
    room_visible,
)

__all__ = [
    "Consents",
    "Viewer",
    "candidate_room",
    "candidate_state",
    "changeable_require",
    "consents_of",
    "get_candidate_room",
    "get_changeable_interview",
    "get_controlled_room",
    "get_interview",
    "get_own_upload",
    "get_question",
    "get_recording",
    "get_room",
    "get_upload",
    "interviews_visible",
    "invitation_by_token",
    "organization_of",
    "room_agreements",
    "room_state",
    "room_visible",
]
