"""Uploads and parts of live recordings while they arrive, with media that are encrypted at rest."""

import base64
import os
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction

from interviews import services
from interviews.errors import OffsetConflict
from interviews.models import Chunk, FileKey
from interviews.services.received_files import (
    part_readable,
    received_key,
    received_key_new,
    received_key_store,
    received_move,
    upload_readable,
)
from interviews.services.working_folders import working_folders_sweep

CONTENT = bytes(range(256)) * 600


@pytest.fixture(autouse=True)
def encryption(settings):
    settings.MEDIA_ENCRYPTION = True
    settings.MEDIA_KEYS = [base64.urlsafe_b64encode(os.urandom(32)).decode()]


@pytest.fixture
def upload(alice):
    return services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=len(CONTENT))


def append(upload, start, end):
    return services.upload_append(upload=upload, offset=start, piece=BytesIO(CONTENT[start:end]))


def on_disk(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_an_upload_that_was_interrupted_goes_on_and_is_read_by_programs_alone(upload, settings):
    append(upload, 0, 70_000)
    with upload.path.open("ab") as file:
        file.write(b"what an interrupted request left")
    with pytest.raises(OffsetConflict) as conflict:
        append(upload, 0, 10)
    assert conflict.value.received_bytes == 70_000
    append(upload, 70_000, 70_001)
    settings.MEDIA_ENCRYPTION = False  # it ends as it began
    append(upload, 70_001, len(CONTENT))
    assert CONTENT[1000:1032] not in upload.path.read_bytes()
    with upload_readable(upload) as path:
        assert path.read_bytes() == CONTENT
        assert path.stat().st_mode & 0o77 == 0
    assert not path.exists()


def test_what_the_disk_has_lost_is_sent_again(upload):
    append(upload, 0, 1000)
    before = upload.path.stat().st_size
    append(upload, 1000, 2000)
    os.truncate(upload.path, before + 100)
    with pytest.raises(OffsetConflict) as conflict:
        append(upload, 2000, 3000)
    assert conflict.value.received_bytes == 1000


def test_an_upload_becomes_an_interview_and_leaves_no_key(alice, create, uploaded, video, settings):
    upload = uploaded(alice, video)
    recording = create(alice, upload).recordings.get()
    with recording.file.open() as file:
        assert file.read() == video.read_bytes()
    assert FileKey.objects.get().name == recording.file.name
    assert [path.name for path in on_disk(settings)] == [Path(recording.file.name).name]
    assert working_folders_sweep() == 0


def test_giving_an_upload_up_destroys_its_key(upload, django_capture_on_commit_callbacks):
    append(upload, 0, 1000)
    with django_capture_on_commit_callbacks(execute=True):
        services.upload_discard(upload=upload)
    assert not FileKey.objects.exists()
    assert not upload.path.exists()


def test_parts_of_a_live_recording_are_encrypted_and_go_with_their_keys(
    room, recorded, tmp_path, django_capture_on_commit_callbacks
):
    recorded.begin()
    for sequence, words in enumerate((b"first", b"second")):
        assert recorded.send(1, sequence, words).status_code == 200
    assert recorded.send(1, 0, b"first").json() == {"next_sequence": 2}, "again is fine"
    part = Chunk.objects.get(sequence=1)
    assert (part.size_bytes, b"second" in part.path.read_bytes()) == (6, False)
    assert part_readable(part.path, tmp_path).read_bytes() == b"second"
    with django_capture_on_commit_callbacks(execute=True):
        recorded.agree(recording=False, analysis=False, transcript=False)
    assert not part.path.exists()
    assert not FileKey.objects.exists()


def test_what_goes_to_an_object_store_is_encrypted_while_it_arrives(settings, alice):
    settings.MEDIA_ENCRYPTION, settings.S3_BUCKET = False, "recordings"
    upload = services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=len(CONTENT))
    append(upload, 0, len(CONTENT))
    assert CONTENT[1000:1032] not in upload.path.read_bytes()


@pytest.fixture
def journal(settings, db):
    path = Path(settings.MEDIA_ROOT) / "live" / "room" / "journal.jsonl"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"readings")
    received_key_store(path, received_key_new())
    return path


def test_a_file_that_is_moved_keeps_name_and_key_together_whatever_becomes_of_the_transaction(
    journal, django_capture_on_commit_callbacks
):
    target, key = journal.with_name("withdrawn.jsonl"), received_key(journal)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        received_move(journal, target)
        transaction.set_rollback(True)
    assert (journal.exists(), received_key(journal)) == (True, key)
    assert (target.exists(), received_key(target)) == (False, None)

    with django_capture_on_commit_callbacks(execute=True):
        received_move(journal, target)
        assert (journal.exists(), received_key(journal)) == (True, key), "read until the commit"
    assert (journal.exists(), received_key(journal)) == (False, None)
    assert (target.exists(), received_key(target)) == (True, key)
