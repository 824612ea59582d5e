"""Media that are encrypted at rest: read by whoever may, and by nobody without the installation's key."""

import base64
import io
import os
from io import StringIO
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import AsyncClient

from analysis.services.attempts.recording_files import local_copy
from interviews.media_encryption.files import MAGIC
from interviews.media_storage import MediaLocked
from interviews.models import FileKey
from interviews.services import interview_delete, working_folders_sweep

CONTENT = b"What somebody said in an interview. " * 8192  # several chunks
ONE, OTHER = (base64.urlsafe_b64encode(os.urandom(32)).decode() for _ in range(2))


@pytest.fixture
def encryption(settings):
    settings.MEDIA_ENCRYPTION, settings.MEDIA_KEYS = True, [ONE]


@pytest.fixture
def recording(encryption, alice, make_interview):
    return make_interview(alice, content=CONTENT).recordings.get()


def command(what):
    out = StringIO()
    call_command("media_encryption", what, stdout=out)
    return out.getvalue()


def on_disk(settings):
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
async def test_a_range_of_an_encrypted_recording_is_played(recording, alice, settings):
    settings.MEDIA_OFFLOAD_PREFIX = "/protected/"  # the proxy could send nothing but what lies on the disk
    client = AsyncClient()
    await client.aforce_login(alice)
    response = await client.get(f"/media/recordings/{recording.pk}/", headers={"range": "bytes=65530-131080"})
    body = b"".join([block async for block in response])
    await sync_to_async(connections.close_all)()
    assert (response.status_code, response["Content-Range"]) == (206, f"bytes 65530-131080/{len(CONTENT)}")
    assert body == CONTENT[65530:131081]


def test_nothing_readable_is_on_the_disk_but_while_a_program_reads_it(recording, settings):
    assert [path.read_bytes()[: len(MAGIC)] for path in on_disk(settings)] == [MAGIC]
    assert recording.file.size == len(CONTENT)
    with local_copy(recording.file) as path:
        assert path.read_bytes() == CONTENT
        assert [part.stat().st_mode & 0o77 for part in (path, path.parent)] == [0, 0]
        assert working_folders_sweep() == 0, "a program has it"
    assert not path.parent.exists()


def test_what_a_killed_worker_left_is_swept(settings):
    left = Path(settings.MEDIA_ROOT) / "work" / "killed"
    left.mkdir(parents=True)
    (left / "recording.mp4").write_bytes(CONTENT)
    assert working_folders_sweep() == 1
    assert not left.exists()


def test_erasing_destroys_the_key(recording, alice, settings, django_capture_on_commit_callbacks):
    copy = io.BytesIO(Path(recording.file.path).read_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        interview_delete(interview=recording.interview, by=alice)
    assert not FileKey.objects.exists()
    Path(recording.file.path).write_bytes(copy.getvalue())  # from a backup of the disk
    with pytest.raises(MediaLocked, match="its key was erased"):
        default_storage.open(recording.file.name)


def test_erasing_destroys_the_key_of_a_file_that_is_lost(recording):
    Path(recording.file.path).unlink()
    default_storage.delete(recording.file.name)
    assert not FileKey.objects.exists(), "a backup may have the file"


def test_a_key_that_was_changed_is_found(recording):
    FileKey.objects.update(wrapped=b"x" * 60)
    with pytest.raises(CommandError, match="was changed"):
        command("check")


def test_the_key_of_one_file_does_not_open_another(recording):
    other = default_storage.save("recordings/other.mp4", ContentFile(CONTENT))
    FileKey.objects.filter(name=recording.file.name).update(wrapped=FileKey.objects.get(name=other).wrapped)
    with pytest.raises(MediaLocked, match="of another file"):
        default_storage.open(recording.file.name)


def test_rotating_wraps_every_key_anew(recording, settings):
    settings.MEDIA_KEYS = [OTHER, ONE]
    assert command("rotate").startswith("1 keys")
    settings.MEDIA_KEYS = [OTHER]
    assert "can be unwrapped" in command("check")
    with default_storage.open(recording.file.name) as file:
        assert file.read() == CONTENT


def test_what_was_stored_before_is_read_as_it_is_and_can_be_encrypted(alice, make_interview, settings):
    recording = make_interview(alice, content=CONTENT).recordings.get()
    with pytest.raises(CommandError, match="is off"):
        command("encrypt")
    settings.MEDIA_ENCRYPTION, settings.MEDIA_KEYS = True, [ONE]
    default_storage.save("erased/receipt", ContentFile(b""))
    for encrypted in (False, True):
        assert Path(recording.file.path).read_bytes().startswith(MAGIC) is encrypted
        with default_storage.open(recording.file.name) as file:
            assert file.read() == CONTENT
        command("encrypt")
    assert FileKey.objects.count() == 1, "receipts are no media"
