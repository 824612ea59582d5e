"""Requests for copies and posters, and where a recording's files of playback end."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.models import AnalysisRun, Playback
from analysis.selectors.playback import playback_of
from analysis.services import (
    playback_copy_request,
    playback_files_sweep,
    playback_poster_request,
    playback_request,
    upload_stored,
)
from analysis.services.playback import playback_show_candidate
from analysis.services.playback.requests import NOT_PLAYED
from interviews.errors import Refusal
from tests.analysis.services.playback.conftest import OBSTACLE

Status = Playback.Status


def test_an_upload_is_analysed_and_made_playable(recording, alice, django_capture_on_commit_callbacks, published):
    with django_capture_on_commit_callbacks(execute=True):
        upload_stored(recording=recording, by=alice)
    assert {name for name, _ in published} >= {"analysis.tasks.run_execute", "analysis.tasks.playback_execute"}
    assert AnalysisRun.objects.filter(recording=recording).count() == 1
    assert Playback.objects.get(recording=recording).obstacle == OBSTACLE


def test_what_a_browser_could_not_play_gets_a_copy(alice, make_interview):
    recording = make_interview(alice).recordings.get()
    playback_request(recording=recording)
    Playback.objects.update(status=Status.SUCCEEDED)
    assert playback_of(recording=recording)["state"] == "original"
    playback_copy_request(recording=recording)
    assert playback_of(recording=recording) == {
        "state": "preparing",
        "url": "",
        "poster": "",
        "obstacle": NOT_PLAYED,
        "reason": "",
        "progress": 0.0,
    }


def test_asking_twice_makes_one(queued):
    playback_copy_request(recording=queued.recording)
    assert Playback.objects.get().status == Status.QUEUED


def test_a_copy_that_is_there_is_not_made_again(playback):
    with pytest.raises(Refusal, match="already"):
        playback_copy_request(recording=playback.recording)


def test_a_recording_older_than_playback_can_have_one(recording):
    playback_poster_request(recording=recording, at_s=2.0)
    assert Playback.objects.get(recording=recording).poster_at_s == 2.0


def test_the_same_poster_is_not_made_again(playback):
    Playback.objects.update(poster_at_s=2.0)
    playback_poster_request(recording=playback.recording, at_s=2.0)
    assert Playback.objects.get().status == Status.SUCCEEDED


def test_the_poster_shows_the_candidate_that_an_analysis_has_found(playback):
    people = [
        {"number": 1, "is_candidate": False, "at_s": 1.0},
        {"number": 2, "is_candidate": True, "at_s": 6.5},
    ]
    playback_show_candidate(recording=playback.recording, media_info={"people": people})
    playback.refresh_from_db()
    assert (playback.status, playback.poster_at_s) == (Status.QUEUED, 6.5)


@pytest.mark.parametrize("media_info", [{}, {"people": [{"number": 1, "is_candidate": False, "at_s": 1.0}]}])
def test_without_a_candidate_the_poster_stays(playback, media_info):
    playback_show_candidate(recording=playback.recording, media_info=media_info)
    playback.refresh_from_db()
    assert (playback.status, playback.poster_at_s) == (Status.SUCCEEDED, None)


def test_deleting_an_interview_deletes_copy_and_poster(playback, client_of, alice, django_capture_on_commit_callbacks):
    names = [playback.copy.name, playback.poster.name]
    assert all(default_storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client_of(alice).delete(f"/api/v1/interviews/{playback.recording.interview_id}/")
    assert answer.status_code == 204
    assert not Playback.objects.exists()
    assert not any(default_storage.exists(name) for name in names)


def test_files_that_a_crash_left_are_swept_after_a_day(playback):
    old = time.time() - timedelta(days=2).total_seconds()
    stray = default_storage.save("playback/stray.mp4", ContentFile(b"?"))
    default_storage.save("playback/fresh.mp4", ContentFile(b"?"))
    for path in (default_storage.path(stray), default_storage.path(playback.copy.name)):
        os.utime(path, (old, old))
    assert playback_files_sweep() == 1
    assert not default_storage.exists(stray)
    assert default_storage.exists("playback/fresh.mp4")
    assert default_storage.exists(playback.copy.name)


def test_an_empty_table_sweeps_nothing(db):
    name = default_storage.save("playback/some.mp4", ContentFile(b"?"))
    old = time.time() - timedelta(days=2).total_seconds()
    os.utime(default_storage.path(name), (old, old))
    assert playback_files_sweep() == 0
    assert default_storage.exists(name)
