"""The stored timelines: whole, or named as missing or damaged."""

import gzip
import json
import uuid
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from analysis.timelines import (
    TimelinesDamaged,
    TimelinesMissing,
    timelines_delete,
    timelines_read,
    timelines_write,
)


def store(data: bytes) -> str:
    return default_storage.save("timelines/x.json.gz", ContentFile(data))


def good() -> dict:
    return {
        "format": 1,
        "duration_s": 2.0,
        "modalities": {"eye_gaze": {"labels": ["center"], "observations": [[0.0, 1.0, "center", 1.0, [1.0]]]}},
    }


def test_what_was_written_is_read(timelines):
    run_id = uuid.uuid4()
    name = timelines_write(run_id=run_id, attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines)
    stored = timelines_read(name)
    assert stored.duration_s == 20.0
    assert stored.timelines == timelines
    timelines_delete(run_id)
    with pytest.raises(TimelinesMissing, match="missing from storage"):
        timelines_read(name)
    timelines_delete(run_id)


def test_a_row_without_a_file_is_missing_its_timelines():
    with pytest.raises(TimelinesMissing):
        timelines_read("")


def test_two_attempts_never_share_a_file(timelines):
    run_id = uuid.uuid4()
    names = {
        timelines_write(run_id=run_id, attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines) for _ in range(2)
    }
    assert len(names) == 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not gzip",
        gzip.compress(json.dumps(good()).encode())[:-9],
        gzip.compress(json.dumps(good()).encode())[:20] + b"\0" * 40,
        gzip.compress(b"\xff\xfe"),
        gzip.compress(b"[1, 2"),
        gzip.compress(b"[]"),
        gzip.compress(b"null"),
        gzip.compress(json.dumps({**good(), "format": 2}).encode()),
        gzip.compress(json.dumps({**good(), "duration_s": None}).encode()),
        gzip.compress(json.dumps({**good(), "modalities": []}).encode()),
        gzip.compress(json.dumps({**good(), "modalities": {"eye_gaze": {"labels": []}}}).encode()),
        gzip.compress(
            json.dumps(
                {**good(), "modalities": {"eye_gaze": {"labels": ["a"], "observations": [[1, 0, "a", 1, []]]}}}
            ).encode()
        ),
        gzip.compress(
            json.dumps({**good(), "modalities": {"eye_gaze": {"labels": ["a"], "observations": [[1]]}}}).encode()
        ),
    ],
)
def test_a_damaged_file_is_named_as_such(data):
    with pytest.raises(TimelinesDamaged, match="damaged"):
        timelines_read(store(data))


def test_the_undamaged_counterpart_is_read():
    assert timelines_read(store(gzip.compress(json.dumps(good()).encode()))).duration_s == 2.0


def test_a_full_disk_leaves_nothing_behind(timelines, monkeypatch):
    run_id = uuid.uuid4()

    def full(self, name, content, max_length=None):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True)
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(OSError, match="No space left"):
        timelines_write(run_id=run_id, attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines)
    assert default_storage.listdir(f"timelines/{run_id}")[1] == []
