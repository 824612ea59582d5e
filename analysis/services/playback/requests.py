"""Requests for a recording's playable copy and poster."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction

from analysis.models import Playback
from analysis.queue import playback_publish
from interviews.errors import Refusal
from interviews.models import Interview, Recording

Status = Playback.Status
NOT_PLAYED: Final = "A browser could not play it."
COPIED: Final = "There is a copy of this recording for watching already."


def playback_request(*, recording: Recording) -> Playback:
    """Queue the playback of a recording that was stored just now: its copy, if browsers do not play it, and a poster.

    Call it in the transaction that stores the recording.
    """
    playback = Playback.objects.create(recording=recording, obstacle=recording.browser_obstacle)
    transaction.on_commit(partial(playback_publish, playback.pk))
    return playback


def playback_copy_request(*, recording: Recording) -> Playback:
    """Queue a copy of what a browser could not play, or again one that could not be made. Idempotent while it is made.

    Raises :class:`Refusal` when there is a copy.
    """
    with transaction.atomic():
        playback = _locked(recording)
        if playback.copy:
            raise Refusal("copied", COPIED)
        playback.obstacle = playback.obstacle or NOT_PLAYED
        return _queue(playback)


def playback_poster_request(*, recording: Recording, at_s: float) -> Playback:
    """Queue a poster that shows second ``at_s`` of the recording, unless it is the one that there is."""
    with transaction.atomic():
        playback = _locked(recording)
        if playback.poster_at_s == at_s:
            return playback
        playback.poster_at_s = at_s
        return _queue(playback)


def playback_show_candidate(*, recording: Recording, media_info: Mapping[str, Any]) -> None:
    """Queue a poster with the candidate's face, where an analysis has found it (``people`` of its ``media_info``)."""
    for person in media_info.get("people", ()):
        if person["is_candidate"]:
            playback_poster_request(recording=recording, at_s=person["at_s"])


def _locked(recording: Recording) -> Playback:
    """The recording's row, also for a recording that is older than this table."""
    Interview.objects.select_for_update(of=("self",)).get(pk=recording.interview_id)
    playback = Playback.objects.filter(recording=recording).first()
    return playback or Playback(recording=recording, obstacle=recording.browser_obstacle)


def _queue(playback: Playback) -> Playback:
    """A running attempt is left alone: it sees at its end that more is asked of it, and queues the row again."""
    if playback._state.adding or not playback.is_active:
        playback.status = Status.QUEUED
        playback.stage = playback.reason = ""
        playback.progress, playback.attempts = 0.0, 0
        playback.claim = playback.published_at = playback.cancel_requested_at = None
        playback.started_at = playback.finished_at = None
        playback.save()
        transaction.on_commit(partial(playback_publish, playback.pk))
    else:
        playback.save(update_fields=["obstacle", "poster_at_s"])
    return playback
