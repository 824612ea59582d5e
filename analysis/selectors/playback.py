"""What the player plays of a recording."""

from __future__ import annotations

from typing import Any, Final, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.urls import reverse

from analysis.models import Playback
from interviews.file_responses import StoredFile
from interviews.models import Recording
from interviews.selectors import Viewer
from interviews.selectors.consent import watching_require

State = Literal["original", "copy", "preparing", "failed"]
STATES: Final[tuple[State, ...]] = ("original", "copy", "preparing", "failed")


def get_playback(user: Viewer, playback_id: UUID) -> Playback:
    """Raises ``Http404`` when ``user`` has no access to it, and ``PermissionDenied`` when nobody may watch it."""
    playbacks = Playback.objects.visible_to(user).select_related("recording__interview")
    playback: Playback = get_object_or_404(playbacks, pk=playback_id)
    watching_require(interview=playback.recording.interview)
    return playback


def playback_of(*, recording: Recording) -> dict[str, Any]:
    """How a recording is played.

    ``state``: browsers play the ``original``, there is a ``copy``, one is ``preparing``, or it has ``failed``. ``url``
    is what the player plays, empty while there is nothing; ``poster`` is empty without one. ``obstacle`` says why
    browsers do not play the original, ``reason`` why there is no copy. ``progress`` is 0..1.
    """
    playback = Playback.objects.filter(recording=recording).first()
    obstacle = playback.obstacle if playback else recording.browser_obstacle
    state = _state(playback, obstacle)
    url = ""
    if state == "copy":
        url = reverse("playback_copy", args=[playback.pk]) if playback else ""
    elif state == "original":
        url = reverse("recording_media", args=[recording.pk])
    return {
        "state": state,
        "url": url,
        "poster": reverse("playback_poster", args=[playback.pk]) if playback and playback.poster else "",
        "obstacle": obstacle,
        "reason": playback.reason if playback and state == "failed" else "",
        "progress": round(playback.progress, 4) if playback else 0.0,
    }


def playback_file(*, recording: Recording) -> StoredFile:
    """The file that the player plays: the copy, or the original while there is none."""
    playback = Playback.objects.filter(recording=recording).first()
    if playback is not None and playback.copy:
        return StoredFile(playback.copy, str(playback.copy.name), playback.finished_at or playback.created_at)
    return StoredFile(recording.file, recording.sha256, recording.uploaded_at)


def _state(playback: Playback | None, obstacle: str) -> State:
    if playback is not None and playback.copy:
        return "copy"
    if not obstacle:
        return "original"
    return "preparing" if playback is not None and playback.is_active else "failed"
