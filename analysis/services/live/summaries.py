"""Stores the summary of a room's live readings, for comparison with the report of its recording."""

from __future__ import annotations

import logging
import sys

from analysis.models import LiveSummary
from analysis.readings.journal import lines, versions
from analysis.readings.running_summary import RunningSummary
from analysis.services.live.journals import journal_of
from interviews.media_storage import MediaLocked
from interviews.models import Recording
from interviews.selectors.policy import interview_policy

logger = logging.getLogger(__name__)


def live_summary_create(*, recording: Recording) -> LiveSummary | None:
    """Summarise the live readings within the recording; None when there are none.

    If the journal cannot be read, only the comparison is missing; the recording is unaffected.
    """
    room = recording.interview.room
    room.refresh_from_db()
    if room.recording_started_at is None:
        return None
    start_s = room.recording_started_at.timestamp()
    end_s = start_s + recording.duration_s
    summary, policy = RunningSummary(), interview_policy(interview=recording.interview)
    seen = False
    try:
        text = journal_of(room_id=room.pk).read(limit_bytes=sys.maxsize).decode(errors="replace")
        for modality, start_ms, end_ms, label, confidence in lines(text):
            begin_s, stop_s = max(start_s, start_ms / 1000), min(end_s, end_ms / 1000)
            if begin_s < stop_s and policy.allows(modality):
                seen = summary.add(modality, begin_s, stop_s, label, confidence) or seen
        made_by = versions(text)
    except (OSError, ValueError, MediaLocked):
        logger.exception("The journal of room %s cannot be read; its report goes without a comparison", room.pk)
        return None
    if not seen:
        return None
    questions_s = list(recording.interview.questions.values_list("at_s", flat=True))
    shown = summary.metrics(start_s=start_s, now_s=end_s, questions_s=sorted(questions_s), metrics=policy.metrics)
    return LiveSummary.objects.create(
        recording=recording,
        distributions={
            key: {**distribution, "versions": made_by.get(key, [])}
            for key, distribution in shown["distributions"].items()
            if policy.allows(key)
        },
        metrics=shown["values"],
    )
