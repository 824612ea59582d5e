"""Recovery of robustness whose worker or message was lost."""

from __future__ import annotations

from typing import Final

from analysis.models import Robustness
from analysis.queue import robustness_publish
from analysis.services.attempts.state_machine import work_publish_idle, work_recover

INTERRUPTED: Final = (
    "Measuring again was interrupted three times, for example because the server ran out of memory. The report is as "
    "it was; you can try again."
)


def robustnesses_reap() -> None:
    """Recover what dead workers and lost messages left; the scheduler calls this every 10 seconds.

    One that is running without a heartbeat goes back to the queue, fails on the third attempt, or is cancelled if that
    was requested. One that waits although none is running is published again, at most once a minute.
    """
    rows = Robustness.objects.all()
    work_recover(rows, publish=robustness_publish, final={}, failed={"reason": INTERRUPTED}, queued={"progress": 0.0})
    work_publish_idle(rows, publish=robustness_publish)
