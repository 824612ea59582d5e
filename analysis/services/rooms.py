"""The recording of a live room is stored: its analysis is requested, as far as the candidate agreed to one."""

from __future__ import annotations

from analysis.services.requests import run_request
from interviews.models import Recording


def room_recording_stored(recording: Recording) -> None:
    """Request the ordinary run, unless the candidate chose to take part without analysis."""
    if recording.consent.covers_analysis:
        run_request(recording=recording, by=recording.uploaded_by)
