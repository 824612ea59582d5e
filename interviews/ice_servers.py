"""The STUN and TURN servers that a room's browsers are given."""

import base64
import hashlib
import hmac
import time
from typing import Any
from uuid import UUID

from django.conf import settings


def ice_servers(*, room_id: UUID) -> list[dict[str, Any]]:
    """``ICE_SERVERS``; with ``TURN_SECRET`` each TURN server has credentials of this room alone, which end.

    They are those of TURN's REST API (coturn: ``use-auth-secret``): the user is the second of the end and the room, the
    password an HMAC of it. They last for as long as an interview may; every connection to the room gets new ones.
    """
    if not settings.TURN_SECRET:
        return list(settings.ICE_SERVERS)
    username = f"{int(time.time()) + settings.MAX_DURATION_S}:{room_id.hex}"
    mac = hmac.new(settings.TURN_SECRET.encode(), username.encode(), hashlib.sha1)
    credentials = {"username": username, "credential": base64.b64encode(mac.digest()).decode()}
    return [server | credentials if _is_turn(server) else server for server in settings.ICE_SERVERS]


def _is_turn(server: dict[str, Any]) -> bool:
    return any(url.startswith(("turn:", "turns:")) for url in server["urls"])
