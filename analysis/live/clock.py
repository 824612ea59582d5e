"""The offset of a browser's clock from the server's, estimated from its pings."""

import time
from collections import deque
from dataclasses import dataclass
from typing import Final

REMEMBERED: Final = 30
"""Number of pings used for the estimate: a minute of them."""
STEP_MS: Final = 1000.0
"""A clock was set back if pings with short round trips arrive this much later than the quickest ping."""
AGREEING: Final = 3
"""Number of consecutive pings needed to detect that a clock was set back."""


def now_ms() -> float:
    """The server's epoch milliseconds."""
    return time.time() * 1000


@dataclass(frozen=True, slots=True)
class _Ping:
    lead_ms: float  # server's clock at arrival less browser's clock at sending: offset + way up
    rtt_ms: float | None


class BrowserClock:
    """The offset is the smallest lead of the last pings less half the shortest round trip.

    A lead is the offset plus the way up, and delays only make it longer; half a round trip is the way up where both
    ways are equally long.
    """

    def __init__(self) -> None:
        self._pings: deque[_Ping] = deque(maxlen=REMEMBERED)

    def learn(self, *, sent_ms: float, received_ms: float, rtt_ms: float | None = None) -> None:
        """A message that left the browser at ``sent_ms`` (its clock) and arrived at ``received_ms`` (ours)."""
        self._pings.append(_Ping(received_ms - sent_ms, rtt_ms if rtt_ms is None or rtt_ms >= 0 else None))
        recent = list(self._pings)[-AGREEING:]
        quick = all(p.rtt_ms is not None and p.rtt_ms < STEP_MS for p in recent)
        if quick and len(recent) == AGREEING and min(p.lead_ms for p in recent) > self._least_lead_ms + STEP_MS:
            self._pings = deque(recent, maxlen=REMEMBERED)

    @property
    def offset_ms(self) -> float:
        """Add this to the browser's time to get ours; 0 before the first ping."""
        if not self._pings:
            return 0.0
        rtts = [p.rtt_ms for p in self._pings if p.rtt_ms is not None]
        return self._least_lead_ms - min(rtts, default=0.0) / 2

    @property
    def _least_lead_ms(self) -> float:
        return min(p.lead_ms for p in self._pings)
