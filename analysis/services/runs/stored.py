"""What an uploaded recording needs once it is stored."""

from __future__ import annotations

from analysis.services.playback import playback_request
from analysis.services.runs.requests import run_request
from interviews.models import Recording, User


def upload_stored(*, recording: Recording, by: User) -> None:
    """Request its analysis and its playback. Call it in the transaction that stores the recording."""
    run_request(recording=recording, by=by)
    playback_request(recording=recording)
