"""Rate limits of one connection."""

import time
from collections.abc import Callable


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
