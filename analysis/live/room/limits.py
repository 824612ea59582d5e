"""Limits of connections: how fast one may send, and how many there may be."""

import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterable


class RateLimit:
    """A token bucket: it holds ``burst`` tokens and refills by ``per_s`` a second."""

    def __init__(self, *, per_s: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._left, self._at_s = float(burst), clock()

    def take(self) -> bool:
        """Take a token. False where there is none."""
        now_s = self._clock()
        self._left = min(self._burst, self._left + (now_s - self._at_s) * self._per_s)
        self._at_s = now_s
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Places:
    """Counts what is open at once, by key, each key up to a limit of its own."""

    def __init__(self) -> None:
        self._taken: Counter[Hashable] = Counter()

    def take(self, limits: dict[Hashable, int]) -> bool:
        """Take one place of each key; none of any where one is full, which is False."""
        if any(self._taken[key] >= limit for key, limit in limits.items()):
            return False
        self._taken.update(limits.keys())
        return True

    def leave(self, keys: Iterable[Hashable]) -> None:
        for key in keys:
            self._taken[key] -= 1
            if not self._taken[key]:
                del self._taken[key]
