"""Services of playback: what browsers play of a recording, and its poster.

:class:`analysis.models.Playback` documents the states.
"""

from analysis.services.playback.execution import playback_execute
from analysis.services.playback.files import playback_delete, playback_files_sweep
from analysis.services.playback.recovery import playbacks_reap
from analysis.services.playback.requests import (
    playback_copy_request,
    playback_poster_request,
    playback_request,
    playback_show_candidate,
)

__all__ = [
    "playback_copy_request",
    "playback_delete",
    "playback_execute",
    "playback_files_sweep",
    "playback_poster_request",
    "playback_request",
    "playback_show_candidate",
    "playbacks_reap",
]
