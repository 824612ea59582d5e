"""The configuration of the scripts of the room's pages (``json_script`` id ``room-config``), for both sides."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from interviews.ice_servers import ice_servers
from interviews.models import Room, User
from interviews.permissions import can_control_room


def recruiter_config(*, room: Room, user: User) -> dict[str, Any]:
    """``role`` is "host" or "observer"; an observer is given no address that only the host may use."""
    is_host = can_control_room(user, room)
    names = ["room", "notes", "frame", "prepared_questions", "questions"]
    if is_host:
        names += ["invitation", "device", "open", "end", "store"]
    return {
        **_common(room),
        "role": "host" if is_host else "observer",
        "socket_url": f"/ws/rooms/{room.pk}/recruiter/",
        "me": user.full_name or user.email,
        "me_id": str(user.pk),
        "blind": room.blind,
        "interview_url": reverse("interview_detail", args=[room.interview_id]),
        "api": {name: reverse("api_room" if name == "room" else f"api_room_{name}", args=[room.pk]) for name in names},
    }


def candidate_config(*, room: Room) -> dict[str, Any]:
    names = ("room", "agreements", "calibration", "takes", "leave")
    return {
        **_common(room),
        "role": "candidate",
        "socket_url": f"/ws/rooms/{room.pk}/candidate/",
        "me": room.interview.candidate.name,
        "api": {name: reverse("api_join" if name == "room" else f"api_join_{name}", args=[room.pk]) for name in names},
    }


def _common(room: Room) -> dict[str, Any]:
    return {
        "room_id": str(room.pk),
        "status": room.status,
        "candidate_name": room.interview.candidate.name,
        "interviewer_name": room.host.full_name or room.host.email,
        "organization": room.interview.organization.name,
        "position": room.interview.position.title if room.interview.position else "",
        "ice_servers": ice_servers(room_id=room.pk),
        "limits": {"chunk_bytes": settings.UPLOAD_CHUNK_BYTES, "room_bytes": settings.MAX_UPLOAD_BYTES},
    }
