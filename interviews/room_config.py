"""What the room's pages tell their scripts (``json_script`` id ``room-config``): one shape on both sides."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from interviews.models import Room, User

PROTOCOL = 1
"""Version of what travels over the sockets, see analysis.live.protocol."""


def recruiter_config(*, room: Room, user: User) -> dict[str, Any]:
    """``role`` is "host" or "observer"; an observer is given no address that only the host may use."""
    api = f"/api/v1/rooms/{room.pk}/"
    is_host = room.host_id == user.pk
    return {
        **_common(room),
        "role": "host" if is_host else "observer",
        "socket_url": f"/ws/rooms/{room.pk}/recruiter/",
        "me": user.full_name or user.email,
        "api": {
            "room": api,
            "notes": f"{api}notes/",
            "frame": f"{api}frame/",
            "prepared_questions": f"{api}prepared-questions/",
            "questions": f"{api}questions/",
            "interview": reverse("interview_detail", args=[room.interview_id]),
        }
        | (
            {"invitation": f"{api}invitation/", "open": f"{api}open/", "end": f"{api}end/", "store": f"{api}store/"}
            if is_host
            else {}
        ),
    }


def candidate_config(*, room: Room) -> dict[str, Any]:
    api = f"/api/v1/join/{room.pk}/"
    return {
        **_common(room),
        "role": "candidate",
        "socket_url": f"/ws/rooms/{room.pk}/candidate/",
        "me": room.interview.candidate.name,
        "api": {
            "room": api,
            "agreements": f"{api}agreements/",
            "calibration": f"{api}calibration/",
            "takes": f"{api}takes/",
            "leave": f"{api}leave/",
        },
    }


def _common(room: Room) -> dict[str, Any]:
    return {
        "room_id": str(room.pk),
        "status": room.status,
        "protocol": PROTOCOL,
        "candidate_name": room.interview.candidate.name,
        "interviewer_name": room.host.full_name or room.host.email,
        "organization": room.interview.organization.name,
        "position": room.interview.position.title if room.interview.position else "",
        "ice_servers": settings.ICE_SERVERS,
        "limits": {"chunk_bytes": settings.UPLOAD_CHUNK_BYTES, "room_bytes": settings.MAX_UPLOAD_BYTES},
    }
