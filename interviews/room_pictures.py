"""The candidate's newest picture in a call, for where no peer connection could be made.

It is in the memory of the process that serves the candidate's socket, for seconds, and nowhere else: neither on a disk
nor in Redis, which writes to one. With several web processes a proxy sends one room's requests to one of them, or there
is no such picture.
"""

import threading
import time
from typing import Final
from uuid import UUID

KEPT_S: Final = 5.0

_lock = threading.Lock()
_pictures: dict[str, tuple[float, bytes]] = {}


def picture_keep(room_id: UUID | str, picture: bytes) -> None:
    """Keep the newest picture of a room, in place of the one before."""
    now_s = time.monotonic()
    with _lock:
        for old in [key for key, (until_s, _) in _pictures.items() if until_s < now_s]:
            del _pictures[old]
        _pictures[str(room_id)] = (now_s + KEPT_S, picture)


def picture_of(room_id: UUID | str) -> bytes | None:
    """The newest picture of a room; None where there is none of the last seconds."""
    with _lock:
        until_s, picture = _pictures.get(str(room_id), (0.0, b""))
    return picture if time.monotonic() < until_s else None


def picture_forget(room_id: UUID | str) -> None:
    with _lock:
        _pictures.pop(str(room_id), None)
