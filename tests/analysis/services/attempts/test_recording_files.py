"""A stored file as a path on this machine, wherever the storage is."""

from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage
from django.db.models.fields.files import FieldFile

from analysis.services.attempts.recording_files import RecordingMissing, declared_of, local_copy
from interviews.models import Recording


class RemoteStorage(Storage):
    """Keeps one file, which has no path on this machine."""

    content: bytes | None = None

    def exists(self, name):
        return self.content is not None

    def _save(self, name, content):
        self.content = content.read()
        return name

    def _open(self, name, mode="rb"):
        return ContentFile(self.content, name)


def stored(storage, content=b"a recording"):
    name = storage.save("take.webm", ContentFile(content))
    return FieldFile(Recording(), SimpleNamespace(storage=storage, name="file", attname="file"), name)


def test_a_file_of_this_machine_is_read_where_it_is(tmp_path):
    with local_copy(stored(FileSystemStorage(tmp_path))) as path:
        assert path == tmp_path / "take.webm"
    assert path.exists()


def test_a_file_elsewhere_is_copied_for_as_long_as_it_is_read():
    with local_copy(stored(RemoteStorage())) as path:
        assert (path.read_bytes(), path.suffix) == (b"a recording", ".webm")
    assert not path.exists()


def test_a_file_that_is_gone_is_told(tmp_path):
    file = stored(FileSystemStorage(tmp_path))
    (tmp_path / "take.webm").unlink()
    with pytest.raises(RecordingMissing), local_copy(file):
        pass


def test_limits_follow_from_what_the_probe_has_found():
    found = declared_of(Recording(width=640, height=480, fps=25.0, duration_s=60.0, size_bytes=1000))
    assert (found.width, found.height, found.fps, found.duration_s, found.size_bytes) == (640, 480, 25.0, 60.0, 1000)
