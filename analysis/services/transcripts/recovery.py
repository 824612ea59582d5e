"""Recovery of transcripts whose worker or message was lost."""

from __future__ import annotations

from typing import Final

from analysis.models import Transcript
from analysis.queue import transcript_publish
from analysis.services.attempts.state_machine import work_publish_idle, work_recover

INTERRUPTED: Final = (
    "The transcript was interrupted three times before it was whole, for example because the server ran out of memory. "
    "The recording is kept; you can try again."
)


def transcripts_reap() -> None:
    """Recover transcripts of dead workers and lost messages; the scheduler calls this every 10 seconds.

    A transcript that is running without a heartbeat goes back to the queue, fails on the third attempt, or is cancelled
    if that was requested. One that waits although none is running is published again, at most once a minute.
    """
    rows = Transcript.objects.all()
    work_recover(rows, publish=transcript_publish, final={}, failed={"reason": INTERRUPTED}, queued={"progress": 0.0})
    work_publish_idle(rows, publish=transcript_publish)
