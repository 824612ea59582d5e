"""What an uploaded recording needs once it is stored."""

from __future__ import annotations

from analysis.models import AnalysisRun
from analysis.services.playback import playback_request
from analysis.services.runs.requests import run_request
from analysis.services.transcripts import transcript_request_agreed
from interviews.models import Interview, Recording, User
from interviews.selectors import consents_of
from interviews.selectors.policy import interview_policy


def upload_stored(*, recording: Recording, by: User) -> None:
    """Request its playback, and its analysis where something shows that the candidate agreed, or the transcript alone
    where policy allows no analysis. Call it in the transaction that stores the recording."""
    if not consents_of(interview_id=recording.interview_id).lacks_evidence:
        _analyze(recording, by)
    playback_request(recording=recording)


def upload_agreed(*, interview: Interview, by: User) -> bool:
    """Request the first analysis of a recording for which evidence of consent was missing; whether that was so."""
    recording = interview.recordings.first()
    consents = consents_of(interview_id=interview.pk)
    is_first = recording is not None and not AnalysisRun.objects.of_interview(interview).exists()
    if recording is None or not is_first or not consents.analysis or consents.lacks_evidence:
        return False
    _analyze(recording, by)
    return True


def _analyze(recording: Recording, by: User) -> None:
    if interview_policy(interview=recording.interview).modalities:
        run_request(recording=recording, by=by)
    else:
        transcript_request_agreed(recording=recording, by=by)
