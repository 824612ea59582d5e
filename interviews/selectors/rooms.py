"""Access to live rooms, for pages, API and sockets."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from interviews.models import Invitation, Room, User
from interviews.permissions import can_control_room
from interviews.selectors.interviews import Viewer

GRANTS: Final = "rooms"
"""Key in a candidate's session: ``{room id: {"invitation": its id, "key": the browser's key for it}}``."""

_RELATED: Final = ("interview__candidate", "interview__position", "interview__organization", "host")


def room_visible(*, user: Viewer, room_id: UUID | str) -> Room | None:
    """The room, for members of its organization; None for everybody else. ``room.host`` alone controls it."""
    return Room.objects.visible_to(user).select_related(*_RELATED).filter(pk=room_id).first()


def candidate_room(*, session: Mapping[str, Any], room_id: UUID | str) -> Room | None:
    """The room to which this browser was granted access by an invitation that is still valid; None otherwise.

    The grant outlasts the interview's end, so that the rest of the recording can be sent: check ``room.status``.
    """
    grant = grant_of(session, room_id)
    if grant is None:
        return None
    related = [f"room__{path}" for path in _RELATED]
    let_in = Invitation.objects.filter(room_id=room_id, browser_sha256=key_sha256(grant["key"]))
    invitation = let_in.select_related(*related).filter(pk=grant["invitation"]).first()
    return invitation.room if invitation is not None and invitation.stands else None


def grant_of(session: Mapping[str, Any], room_id: UUID | str) -> dict[str, str] | None:
    """What this browser has for a room; None if it never pressed the button of an invitation into it."""
    grants = session.get(GRANTS)
    grant = grants.get(str(room_id)) if isinstance(grants, dict) else None
    return grant if isinstance(grant, dict) else None


def key_sha256(key: str) -> str:
    """What an invitation keeps of a browser's key."""
    return hashlib.sha256(key.encode()).hexdigest()


def get_room(user: Viewer, room_id: UUID | str) -> Room:
    """Raises ``Http404`` when ``user`` may not know of it."""
    room = room_visible(user=user, room_id=room_id)
    if room is None:
        raise Http404
    return room


def get_controlled_room(user: User, room_id: UUID | str) -> Room:
    """The room for what only its host may do. Raises as :func:`get_room`, and ``PermissionDenied`` for colleagues."""
    room = get_room(user, room_id)
    if not can_control_room(user, room):
        raise PermissionDenied(f"Only the host, {room.host}, controls this room.")
    return room


def get_candidate_room(session: Mapping[str, Any], room_id: UUID | str) -> Room:
    """Raises ``Http404`` unless this browser was granted access."""
    room = candidate_room(session=session, room_id=room_id)
    if room is None:
        raise Http404
    return room


def invitation_by_token(*, token: str) -> Invitation | None:
    """The invitation whose link carries ``token``, whether it is still valid or not."""
    sha256 = hashlib.sha256(token.encode()).hexdigest()
    related = [f"room__{path}" for path in _RELATED]
    return Invitation.objects.select_related(*related).filter(token_sha256=sha256).first()
