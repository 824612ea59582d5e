"""Limits how many candidates this web node analyses at once; the others are recorded, and wait for a place."""

import asyncio
import weakref
from collections.abc import Callable

from django.conf import settings


class Admission:
    """A number of places, given in the order of requests (first in, first out)."""

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
        """Give up the place, or the wait for one. The place goes to the candidate that has waited longest."""
        self._waiting.pop(who, None)
        self._inside.discard(who)
        while self._waiting and len(self._inside) < self._places:
            following = next(iter(self._waiting))
            on_admitted = self._waiting.pop(following)
            self._inside.add(following)
            on_admitted()


_admissions: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Admission]" = weakref.WeakKeyDictionary()


def admission_here() -> Admission:
    """The admission of the running event loop, like the pool of workers."""
    return _admissions.setdefault(asyncio.get_running_loop(), Admission(settings.LIVE_MAX_SESSIONS))
