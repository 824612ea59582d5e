"""Recovery of playbacks whose worker or message was lost."""

from __future__ import annotations

from typing import Final

from analysis.models import Playback
from analysis.queue import playback_publish
from analysis.services.attempts.state_machine import work_publish_idle, work_recover

INTERRUPTED: Final = (
    "Making the copy was interrupted three times, for example because the server ran out of memory. You can try again."
)


def playbacks_reap() -> None:
    """Recover playbacks of dead workers and lost messages; the scheduler calls this every 10 seconds.

    One that is running without a heartbeat goes back to the queue, or fails on the third attempt. One that waits
    although none is running is published again, at most once a minute.
    """
    rows = Playback.objects.all()
    work_recover(rows, publish=playback_publish, final={}, failed={"reason": INTERRUPTED}, queued={"progress": 0.0})
    work_publish_idle(rows, publish=playback_publish)
