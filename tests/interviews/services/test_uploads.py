"""Pieces arrive in order, or nothing of them stays."""

import errno
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from interviews import services
from interviews.errors import OffsetConflict
from interviews.models import Upload
from interviews.services import uploads
from interviews.services.receiving import SPARE_BYTES
from interviews.services.uploads import MAXIMUM_UNFINISHED


@pytest.fixture
def upload(alice):
    return services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=10)


def append(upload, offset, content):
    return services.upload_append(upload=upload, offset=offset, piece=BytesIO(content))


def sentence(error) -> str:
    return error.value.message_dict["file"][0]


def test_pieces_grow_into_the_file(upload):
    append(upload, 0, b"01234")
    assert not upload.is_complete
    append(upload, 5, b"56789")
    assert upload.is_complete
    assert upload.path.read_bytes() == b"0123456789"


@pytest.mark.parametrize("offset", [0, 3, 7])
def test_a_piece_at_another_offset_says_where_to_go_on(upload, offset):
    append(upload, 0, b"01234")
    with pytest.raises(OffsetConflict) as error:
        append(upload, offset, b"xx")
    assert error.value.received_bytes == 5
    assert upload.path.read_bytes() == b"01234"


def test_bytes_of_an_interrupted_request_are_overwritten(upload):
    append(upload, 0, b"01234")
    with upload.path.open("ab") as file:
        file.write(b"half a pie")
    append(upload, 5, b"56789")
    assert upload.path.read_bytes() == b"0123456789"


def test_more_than_was_announced_is_refused_and_not_kept(upload):
    append(upload, 0, b"01234")
    with pytest.raises(ValidationError) as error:
        append(upload, 5, b"567890")
    assert "More of this file arrived" in sentence(error)
    assert upload.path.read_bytes() == b"01234"
    assert append(upload, 5, b"56789").is_complete


def test_a_piece_larger_than_the_limit_is_refused(upload, settings):
    settings.UPLOAD_CHUNK_BYTES = 4
    with pytest.raises(ValidationError):
        append(upload, 0, b"01234")
    assert upload.path.read_bytes() == b""


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_named_and_leaves_nothing_half_written(upload, number):
    class FullDisk(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            block = super().read(2)
            if not block:
                raise OSError(number, os.strerror(number))
            return block

    append(upload, 0, b"0")
    with pytest.raises(ValidationError) as error:
        services.upload_append(upload=upload, offset=1, piece=FullDisk(b"1234"))
    assert "disk is full" in sentence(error)
    assert upload.path.read_bytes() == b"0"
    upload.refresh_from_db()
    assert upload.received_bytes == 1


def test_a_file_that_cannot_fit_is_refused_before_it_is_sent(alice, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1000})())
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=2000)
    assert "disk is full" in sentence(error)


@pytest.mark.parametrize(
    "name", ["talk.mp4", "TALK.MOV", "a.b.mkv", "talk.webm", "talk.AVI", "talk.m4v", "talk.3GP", "C:\\videos\\talk.mp4"]
)
def test_accepted_endings(alice, name):
    upload = services.upload_begin(by=alice, file_name=name, size_bytes=1)
    assert "\\" not in upload.file_name


@pytest.mark.parametrize(
    ("name", "named"),
    [("letter.xyz", ".xyz file"), ("talk", "without an ending"), ("talk.mp4.exe", ".exe file"), ("mp4", "ending")],
)
def test_other_endings_are_refused_by_name(alice, name, named):
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name=name, size_bytes=1)
    assert named in sentence(error)
    assert "mp4, m4v, mov, 3gp, 3g2, mkv, webm and avi" in sentence(error)
    assert not Upload.objects.exists()


def test_an_empty_file_is_refused(alice):
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=0)
    assert "empty (0 bytes)" in sentence(error)


def test_a_file_over_the_limit_is_refused_with_both_sizes(alice, settings):
    settings.MAX_UPLOAD_BYTES = 2 * 1024**3
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=3 * 1024**3)
    assert "3.0\xa0GB" in sentence(error)
    assert "2.0\xa0GB" in sentence(error)


def test_somebody_without_an_organization_is_told_so(alice):
    alice.memberships.all().delete()
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name="talk.mp4", size_bytes=1)
    assert "You are in no organization as recruiter or administrator" in sentence(error)


def test_a_discarded_upload_leaves_nothing(upload, django_capture_on_commit_callbacks):
    append(upload, 0, b"01234")
    with django_capture_on_commit_callbacks(execute=True):
        services.upload_discard(upload=upload)
    assert not upload.path.exists()
    assert not Upload.objects.exists()


def test_the_sweep_removes_strays_and_spares_what_is_under_way(
    alice, upload, settings, django_capture_on_commit_callbacks
):
    append(upload, 0, b"01234")
    stray = services.upload_begin(by=alice, file_name="old.mp4", size_bytes=10)
    append(stray, 0, b"0")
    yesterday = timezone.now() - timedelta(hours=25)
    Upload.objects.filter(pk=stray.pk).update(created_at=yesterday)
    orphan = Path(settings.MEDIA_ROOT) / "uploads" / "00000000-0000-4000-8000-000000000000.part"
    orphan.touch()
    os.utime(orphan, (yesterday.timestamp(), yesterday.timestamp()))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.uploads_sweep() == 1
    assert list(Upload.objects.all()) == [upload]
    assert [path.name for path in orphan.parent.iterdir()] == [upload.path.name]


def test_a_file_that_lost_bytes_is_not_filled_with_zeros(upload):
    append(upload, 0, b"01234")
    os.truncate(upload.path, 2)
    with pytest.raises(OffsetConflict) as error:
        append(upload, 5, b"56789")
    assert error.value.received_bytes == 2
    append(upload, 2, b"23456789")
    assert upload.path.read_bytes() == b"0123456789"


def test_a_piece_for_an_upload_that_was_given_up_makes_no_file(upload):
    upload.path.unlink()
    with pytest.raises(Upload.DoesNotExist):
        append(upload, 0, b"01234")
    assert not upload.path.exists()


def test_an_upload_that_is_given_up_while_a_piece_arrives_is_gone(upload):
    class GivenUp(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            Upload.objects.all().delete()
            return super().read(size)

    with pytest.raises(Upload.DoesNotExist):
        services.upload_append(upload=upload, offset=0, piece=GivenUp(b"01234"))


def test_a_piece_leaves_the_disk_its_spare_room(upload, monkeypatch):
    append(upload, 0, b"01234")
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": SPARE_BYTES})())
    with pytest.raises(ValidationError) as error:
        append(upload, 5, b"56789")
    assert "disk is full" in sentence(error)
    assert upload.path.read_bytes() == b"01234"


def test_nobody_collects_unfinished_uploads(alice, carol, django_capture_on_commit_callbacks):
    def begin(by):
        return services.upload_begin(by=by, file_name="talk.mp4", size_bytes=10)

    idle, *_ = [begin(alice) for _ in range(MAXIMUM_UNFINISHED)]
    with pytest.raises(ValidationError) as error:
        begin(alice)
    assert "5 files already" in sentence(error)
    begin(carol)
    two_hours_ago = (timezone.now() - timedelta(hours=2)).timestamp()
    os.utime(idle.path, (two_hours_ago, two_hours_ago))
    with django_capture_on_commit_callbacks(execute=True):
        begin(alice)
    assert not Upload.objects.filter(pk=idle.pk).exists()
    assert not idle.path.exists()


def test_what_was_announced_is_reserved(alice, upload, monkeypatch):
    free = SPARE_BYTES + 15
    monkeypatch.setattr("shutil.disk_usage", lambda folder: SimpleNamespace(free=free))
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name="second.mp4", size_bytes=6)
    assert "disk is full" in sentence(error)
    services.upload_begin(by=alice, file_name="second.mp4", size_bytes=5)


def test_an_organization_has_a_quota(alice, interview, upload, settings):
    settings.ORGANIZATION_BYTES = interview.recordings.get().size_bytes + upload.size_bytes + 5
    services.upload_begin(by=alice, file_name="second.mp4", size_bytes=5)
    with pytest.raises(ValidationError) as error:
        services.upload_begin(by=alice, file_name="third.mp4", size_bytes=1)
    assert "may keep" in sentence(error)


def test_uploads_that_begin_at_once_are_counted_one_after_the_other(alice, monkeypatch):
    queries = []
    count = uploads._refuse_too_many
    monkeypatch.setattr(
        uploads, "_refuse_too_many", lambda by: queries.append(connection.queries_log[-1]["sql"]) or count(by)
    )
    with CaptureQueriesContext(connection):
        services.upload_begin(by=alice, file_name="second.mp4", size_bytes=5)
    # Before counting: the person's row, whose lock waits on PostgreSQL; SQLite has one writer at a time.
    assert 'FROM "interviews_user"' in queries[0]
