"""What an uploaded recording needs once it is stored."""

from __future__ import annotations

from analysis.models import AnalysisRun
from analysis.services.playback import playback_request
from analysis.services.runs.requests import run_request
from analysis.services.transcripts import transcript_request_agreed
from interviews.models import Interview, Recording, User
from interviews.selectors import consents_of
from interviews.selectors.duties import notice_pending
from interviews.selectors.policy import interview_policy


def upload_stored(*, recording: Recording, by: User) -> None:
    """Request its playback, and its analysis where something shows that the candidate agreed and no notice period has
    to pass, or the transcript alone where policy allows no analysis. Call it in the transaction that stores the
    recording."""
    if not consents_of(interview_id=recording.interview_id).lacks_evidence:
        _analyze(recording, by)
    playback_request(recording=recording)


def upload_agreed(*, interview: Interview, by: User) -> bool:
    """Request the first analysis of a recording that waited for evidence of consent, or for a notice period; whether
    that was so."""
    recording = interview.recordings.first()
    consents = consents_of(interview_id=interview.pk)
    is_first = recording is not None and not AnalysisRun.objects.of_interview(interview).exists()
    if recording is None or not is_first or not consents.analysis or consents.lacks_evidence:
        return False
    return _analyze(recording, by)


def _analyze(recording: Recording, by: User) -> bool:
    policy = interview_policy(interview=recording.interview)
    if not policy.modalities:
        transcript_request_agreed(recording=recording, by=by)
    elif notice_pending(interview=recording.interview, policy=policy):
        return False
    else:
        run_request(recording=recording, by=by)
    return True
