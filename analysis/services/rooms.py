"""The recording of a live room is stored: its analysis is requested, as far as the candidate agreed to one."""

from __future__ import annotations

from analysis.services.live_summaries import live_summary_create
from analysis.services.requests import run_request
from interviews.models import Recording


def room_recording_stored(recording: Recording) -> None:
    """Keep what was read live, and request the ordinary run; neither if the candidate took part without analysis."""
    if recording.consent.covers_analysis:
        live_summary_create(recording=recording)
        run_request(recording=recording, by=recording.uploaded_by)
