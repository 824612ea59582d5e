"""One attempt at one playback: its files, and every way in which it can end."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.models import Playback
from analysis.services import (
    playback_copy_request,
    playback_delete,
    playback_execute,
    playback_poster_request,
    playback_request,
    playbacks_reap,
    worker_stop,
)
from analysis.services.attempts import stopping
from interviews.services import interview_delete
from ml.confinement.programs import ProgramKilled, ProgramStopped, ProgramTimeout
from tests.analysis.services.playback.conftest import OBSTACLE, made
from tests.factories.containers import make_container

Status = Playback.Status


def stored(settings) -> list[str]:
    """Everything of playback on the disk: files of the storage, and what an attempt left behind."""
    folders = [Path(settings.MEDIA_ROOT) / name for name in ("playback", "work")]
    return [path.name for folder in folders if folder.exists() for path in folder.rglob("*")]


def content_of(file) -> bytes:
    with default_storage.open(file.name) as opened:
        return opened.read()


def outcome() -> tuple[str, str]:
    playback = Playback.objects.get()
    return playback.status, playback.reason


def test_copy_and_poster_are_stored_under_names_of_ours(playback, settings):
    assert (playback.progress, playback.stage, playback.attempts) == (1.0, "", 1)
    assert content_of(playback.copy) == b"a copy"
    assert content_of(playback.poster) == b"a poster"
    assert sorted(stored(settings)) == sorted(Path(file.name).name for file in (playback.copy, playback.poster))


def test_a_real_recording_is_copied_by_the_real_program(alice, make_interview, tmp_path):
    content = make_container(tmp_path / "a.avi", video=("mpeg4",), audio=("libmp3lame",), duration_s=1.0).read_bytes()
    recording = make_interview(alice, content=content, duration_s=1.0).recordings.get()
    playback_execute(playback_id=playback_request(recording=recording).pk)
    assert outcome() == (Status.SUCCEEDED, "")
    playback = Playback.objects.get()
    assert playback.obstacle == "Browsers do not play avi files."
    assert content_of(playback.copy)[4:8] == b"ftyp"
    assert content_of(playback.poster)[:2] == b"\xff\xd8"


def test_the_program_gets_the_file_and_a_folder_of_its_own(playback, program):
    (command,), (policy,) = program.commands, program.policies
    path = playback.recording.file.path
    assert command[:2] == ["ml.playback", path]
    assert command[3:] == ["--copy", "always"]
    assert (policy.readable, policy.writable) == ((path,), (command[2],))


def test_a_recording_that_browsers_play_gets_a_poster_alone(alice, make_interview, program, settings):
    program.files, program.lines = {"poster.jpg": b"p"}, made(obstacle="", copy=None)
    playback_execute(playback_id=playback_request(recording=make_interview(alice).recordings.get()).pk)
    playback = Playback.objects.get()
    assert program.commands[0][3:] == ["--copy", "needed"]
    assert (playback.status, playback.copy.name, playback.obstacle) == (Status.SUCCEEDED, "", "")
    assert len(stored(settings)) == 1


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        ({"lines": [{"error": "This recording is damaged."}]}, "This recording is damaged."),
        ({"error": ProgramTimeout()}, "too busy"),
        ({"error": OSError("native code")}, "internal error (reference "),
        ({"lines": [], "status": 1}, "internal error (reference "),
        ({"lines": made(copy="../recording.mp4")}, "internal error (reference "),
        ({"lines": made(copy="copy.webm")}, "internal error (reference "),
        ({"lines": [{"progress": "half"}]}, "internal error (reference "),
        ({"error": ProgramKilled("ml.playback", -11)}, "broke off at this recording"),
    ],
)
def test_a_failure_is_told_and_leaves_no_file(queued, program, settings, prepare, reason):
    for name, value in prepare.items():
        setattr(program, name, value)
    playback_execute(playback_id=queued.pk)
    status, told = outcome()
    assert status == Status.FAILED
    assert reason in told
    assert stored(settings) == []


def test_a_link_that_the_program_made_is_not_followed(queued, program, settings, tmp_path):
    (tmp_path / "secret").write_bytes(b"of somebody else")
    program.files = {"poster.jpg": b"a poster"}
    program.during = lambda should_stop: (Path(program.commands[0][2]) / "copy.mp4").symlink_to(tmp_path / "secret")
    playback_execute(playback_id=queued.pk)
    assert outcome()[0] == Status.FAILED
    assert stored(settings) == []


def test_a_missing_file_is_told(queued, program):
    queued.recording.file.delete(save=False)
    playback_execute(playback_id=queued.pk)
    assert outcome()[0] == Status.FAILED
    assert "missing from storage" in outcome()[1]
    assert not program.commands


def test_a_full_disk_is_told_before_anything_is_written(queued, program, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000})())
    playback_execute(playback_id=queued.pk)
    assert "disk is too full" in outcome()[1]
    assert not program.commands


def test_a_stopping_worker_hands_it_back(queued, program, settings, monkeypatch):
    monkeypatch.setattr(stopping, "_asked", bytearray(1))
    program.error = ProgramStopped()
    program.during = lambda should_stop: worker_stop()
    playback_execute(playback_id=queued.pk)
    playback = Playback.objects.get()
    assert (playback.status, playback.claim, playback.attempts) == (Status.QUEUED, None, 0)
    assert stored(settings) == []


def test_a_claim_that_was_taken_over_writes_nothing(queued, program, settings):
    program.during = lambda should_stop: Playback.objects.update(claim=uuid.uuid4())
    playback_execute(playback_id=queued.pk)
    assert outcome() == (Status.RUNNING, "")
    assert stored(settings) == []


@pytest.mark.django_db(transaction=True)
def test_deleting_the_interview_meanwhile_leaves_no_file(queued, program, settings):
    def delete(should_stop) -> None:
        interview = queued.recording.interview
        playback_delete(interview=interview)
        interview_delete(interview=interview, by=interview.owner)

    program.during = delete
    playback_execute(playback_id=queued.pk)
    assert not Playback.objects.exists()
    assert stored(settings) == []


def test_a_lost_worker_is_recovered_twice_and_fails_the_third_time(queued, published):
    published.clear()
    for attempt in (1, 2, 3):
        Playback.objects.update(
            status=Status.RUNNING, attempts=attempt, heartbeat_at=timezone.now() - timedelta(minutes=1)
        )
        playbacks_reap()
        assert outcome()[0] == (Status.FAILED if attempt == 3 else Status.QUEUED)
    assert [name for name, _ in published] == ["analysis.tasks.playback_execute"] * 2
    assert "interrupted three times" in outcome()[1]


def test_another_poster_keeps_the_copy_and_takes_the_place_of_the_first(playback, program, settings):
    copy, poster = playback.copy.name, playback.poster.name
    program.files, program.lines = {"poster.jpg": b"new"}, made(obstacle="", copy=None)
    playback_poster_request(recording=playback.recording, at_s=7.5)
    playback_execute(playback_id=playback.pk)
    playback.refresh_from_db()
    assert program.commands[1][1] == playback.copy.path, "the poster is taken from what browsers play"
    assert program.commands[1][3:] == ["--copy", "none", "--poster-at", "7.5"]
    assert playback.copy.name == copy
    assert playback.poster.name != poster
    assert playback.obstacle == OBSTACLE
    assert content_of(playback.poster) == b"new"
    assert len(stored(settings)) == 2


def test_what_is_asked_while_it_runs_is_done_after_it(queued, program):
    program.during = lambda should_stop: playback_poster_request(recording=queued.recording, at_s=3.0)
    playback_execute(playback_id=queued.pk)
    assert Playback.objects.get().copy, "what was made is kept"
    assert outcome()[0] == Status.QUEUED
    program.during = None
    playback_execute(playback_id=queued.pk)
    assert outcome()[0] == Status.SUCCEEDED
    assert program.commands[1][-2:] == ["--poster-at", "3.0"]


def test_a_failed_copy_can_be_asked_for_again(queued, program):
    program.lines = [{"error": "Damaged."}]
    playback_execute(playback_id=queued.pk)
    program.lines = made()
    playback_copy_request(recording=queued.recording)
    assert outcome() == (Status.QUEUED, "")
    playback_execute(playback_id=queued.pk)
    assert outcome() == (Status.SUCCEEDED, "")
