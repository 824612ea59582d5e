"""How many candidates are analysed at once on this machine; the others are recorded, and wait for a place."""

import asyncio
import weakref
from collections.abc import Callable

from django.conf import settings


class Admission:
    """Places are given in the order in which they were asked for."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._inside: set[object] = set()
        self._waiting: dict[object, Callable[[], None]] = {}

    def enter(self, who: object, on_admitted: Callable[[], None]) -> bool:
        """Whether there was a place; if not, ``on_admitted`` is called once there is."""
        if who in self._inside:
            return True
        if len(self._inside) < self._places:
            self._inside.add(who)
            return True
        self._waiting.setdefault(who, on_admitted)
        return False

    def leave(self, who: object) -> None:
        """Give up the place, or the wait for one; whoever has waited longest gets it."""
        self._waiting.pop(who, None)
        self._inside.discard(who)
        while self._waiting and len(self._inside) < self._places:
            following = next(iter(self._waiting))
            on_admitted = self._waiting.pop(following)
            self._inside.add(following)
            on_admitted()


_admissions: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Admission]" = weakref.WeakKeyDictionary()


def admission_here() -> Admission:
    """Of the running event loop, as the pool of workers is."""
    return _admissions.setdefault(asyncio.get_running_loop(), Admission(settings.LIVE_MAX_SESSIONS))
