"""Requests playback, and the analyses that the candidate agreed to, when the recording of a live room is stored."""

from __future__ import annotations

from analysis.services.live.summaries import live_summary_create
from analysis.services.playback import playback_request
from analysis.services.runs.requests import run_request
from analysis.services.transcripts import transcript_request_agreed
from interviews.models import Recording
from interviews.selectors import consents_of
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy


def room_recording_stored(recording: Recording) -> None:
    """Keep the summary of the live readings and request a run; neither if the candidate took part without analysis,
    policy allows none, or a notice period has to pass.

    A run requests the transcript when it has succeeded; without a run, the transcript is requested here.
    """
    playback_request(recording=recording)
    policy = interview_policy(interview=recording.interview)
    is_allowed = policy.modalities and not notice_pending(interview=recording.interview, policy=policy)
    if is_allowed and consents_of(interview_id=recording.interview_id).analysis:
        live_summary_create(recording=recording)
        run_request(recording=recording, by=recording.uploaded_by)
    else:
        transcript_request_agreed(recording=recording, by=recording.uploaded_by)
