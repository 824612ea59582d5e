"""Requests of recruiters: transcribe, cancel, retry."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.db import transaction

from analysis.models import Transcript
from analysis.queue import transcript_publish
from analysis.services.attempts.state_machine import work_cancel
from analysis.services.errors import TranscriptRefused
from analysis.transcripts import obstacle
from interviews.models import Interview, Recording, User
from interviews.selectors import consents_of
from interviews.selectors.policy import interview_policy

Status = Transcript.Status
UNDER_WAY: Final = "A transcript of this recording is already being made."
THERE: Final = "There is a transcript of this recording already. Correct its sentences where they are wrong."
ENDED: Final = "This transcript has already ended, so there is nothing to cancel."


def transcript_request(*, recording: Recording, by: User | None) -> Transcript:
    """Queue the transcript of ``recording``, also again after one that failed, was cancelled or refused.

    Raises :class:`TranscriptRefused` where the candidate did not agree to a transcript, the language is not English,
    the recording has no sound, or a transcript exists or is in progress.
    """
    with transaction.atomic():
        # One at a time per interview, because two concurrent requests would both find no transcript.
        interview = Interview.objects.select_for_update(of=("self",)).get(pk=recording.interview_id)
        consents = consents_of(interview_id=interview.pk)
        agreed = consents.transcript and not consents.lacks_evidence
        is_allowed = interview_policy(interview=interview).transcript
        if problem := obstacle(interview=interview, recording=recording, agreed=agreed, is_allowed=is_allowed):
            raise TranscriptRefused(problem)
        transcript = Transcript.objects.filter(recording=recording).first() or Transcript(recording=recording)
        if not transcript._state.adding and transcript.is_active:
            raise TranscriptRefused(UNDER_WAY)
        if transcript.status == Status.SUCCEEDED:
            raise TranscriptRefused(THERE)
        return _queue(transcript, by)


def transcript_request_agreed(*, recording: Recording, by: User | None) -> Transcript | None:
    """Queue the transcript of a recording whose candidate agreed to one.

    Returns None, and queues nothing, when a row exists in any state or no transcript can be made.
    """
    if (
        not consents_of(interview_id=recording.interview_id).transcript
        or Transcript.objects.filter(recording=recording).exists()
    ):
        return None
    try:
        return transcript_request(recording=recording, by=by)
    except TranscriptRefused:
        return None


def transcript_cancel(*, transcript: Transcript, by: User) -> Transcript:
    """Cancel a queued transcript at once; ask the worker of a running one to stop, which takes about a second.

    Idempotent. Raises :class:`TranscriptRefused` when it has ended otherwise.
    """
    work_cancel(Transcript.objects.all(), transcript)
    if transcript.status in Transcript.TERMINAL - {Status.CANCELLED}:
        raise TranscriptRefused(ENDED)
    return transcript


def _queue(transcript: Transcript, by: User | None) -> Transcript:
    transcript.status = Status.QUEUED
    transcript.requested_by = by
    transcript.stage = transcript.reason = ""
    transcript.progress, transcript.attempts = 0.0, 0
    transcript.claim = transcript.published_at = transcript.cancel_requested_at = None
    transcript.started_at = transcript.finished_at = None
    transcript.save()
    transaction.on_commit(partial(transcript_publish, transcript.pk))
    return transcript
