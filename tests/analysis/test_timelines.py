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
    pictures_read,
    timelines_delete,
    timelines_read,
    timelines_write,
)
from ml.timeline import Gap, Timeline


def store(data: bytes) -> str:
    return default_storage.save("timelines/x.json.gz", ContentFile(data))


def pack(head: object, probabilities: object = None) -> bytes:
    return gzip.compress(f"{json.dumps(head)}\n{json.dumps(probabilities or {})}".encode())


def columns(**fields: object) -> bytes:
    """A file of the newest format with one modality."""
    head = {"format": 4, "run": "", "duration_s": 2.0, "modalities": ["eye_gaze"]}
    gaze = {"labels": ["center"], "starts": [0], "ends": [1000], "read": [0], "confidences": [7000], "gaps": []}
    lines = [head, {}, gaze | fields, [[0.7]]]
    return gzip.compress("\n".join(json.dumps(line) for line in lines).encode())


def good(intervals: object = ((0.0, 1.0, "center", 1.0),), **fields: object) -> dict:
    gaze = {"labels": ["center"], "intervals": intervals}
    return {"format": 1, "duration_s": 2.0, "modalities": {"eye_gaze": gaze}, **fields}


def test_pictures_of_the_people_are_stored_beside_the_timelines(timelines):
    pictures = {1: b"\xff\xd8 one", 3: b"\xff\xd8 three"}
    name = timelines_write(
        run_id=uuid.uuid4(), attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines, pictures=pictures
    )
    assert pictures_read(name) == pictures
    assert timelines_read(name).timelines.keys() == timelines.keys()


def test_pictures_of_format_3_are_in_its_third_line():
    lines = [good(format=3), {}, {"1": "/9g="}]
    name = store(gzip.compress("\n".join(json.dumps(line) for line in lines).encode()))
    assert pictures_read(name) == {1: b"\xff\xd8"}
    assert timelines_read(name).timelines["eye_gaze"].observed_s == 1.0


def test_older_files_have_no_pictures(settings):
    name = default_storage.save("timelines/old.json.gz", ContentFile(pack(good())))
    assert pictures_read(name) == {}


def test_what_was_written_is_read(timelines):
    run_id = uuid.uuid4()
    name = timelines_write(run_id=run_id, attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines)
    stored = timelines_read(name, with_probabilities=True)
    assert stored.duration_s == 20.0
    assert stored.timelines == timelines
    light = timelines_read(name).timelines
    assert {key: timeline.shares() for key, timeline in light.items()} == {
        key: timeline.shares() for key, timeline in timelines.items()
    }
    assert all(o.probabilities == () for timeline in light.values() for o in timeline.observations)
    timelines_delete(run_id)
    with pytest.raises(TimelinesMissing, match="missing from storage"):
        timelines_read(name)
    timelines_delete(run_id)


def test_one_modality_is_read_alone(timelines):
    name = timelines_write(run_id=uuid.uuid4(), attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines)
    stored = timelines_read(name, modalities=["eye_gaze"], with_probabilities=True)
    assert stored.timelines == {"eye_gaze": timelines["eye_gaze"]}
    assert timelines_read(store(pack(good())), modalities=["speech_emotion"]).timelines == {}


def test_columns_are_milliseconds_ten_thousandths_and_positions_of_labels():
    (observation,) = timelines_read(store(columns()), with_probabilities=True).timelines["eye_gaze"].observations
    assert observation == (0.0, 1.0, "center", 0.7, (0.7,))
    (closed,) = timelines_read(store(columns(read=[1]))).timelines["eye_gaze"].observations
    assert closed.label == "unknown"


def test_the_gaps_are_kept_with_their_reasons():
    gaps = (Gap(0.0, 1.5, "no_face"), Gap(3.0, 4.0, "too_dark"))
    run_id = uuid.uuid4()
    timelines = {"eye_gaze": Timeline("eye_gaze", ("center",), gaps=gaps)}
    name = timelines_write(run_id=run_id, attempt=uuid.uuid4(), duration_s=4.0, timelines=timelines)
    assert timelines_read(name).timelines["eye_gaze"].gaps == gaps


def test_a_file_of_format_1_is_read_and_has_no_gaps():
    timeline = timelines_read(store(pack(good(format=1)))).timelines["eye_gaze"]
    assert timeline.observed_s == 1.0
    assert timeline.gaps == ()


def test_a_row_without_a_file_is_missing_its_timelines():
    with pytest.raises(TimelinesMissing):
        timelines_read("")


def test_two_attempts_never_share_a_file(timelines):
    run_id = uuid.uuid4()
    names = {
        timelines_write(run_id=run_id, attempt=uuid.uuid4(), duration_s=20.0, timelines=timelines) for _ in range(2)
    }
    assert len(names) == 2


DAMAGED = {
    "empty": b"",
    "not gzip": b"not gzip",
    "cut off": pack(good())[:-9],
    "overwritten": pack(good())[:20] + b"\0" * 40,
    "not text": gzip.compress(b"\xff\xfe\n{}"),
    "not json": gzip.compress(b"[1, 2\n{}"),
    "one line": gzip.compress(json.dumps(good()).encode()),
    "a list": pack([]),
    "null": pack(None),
    "another format": pack(good(format=5)),
    "no duration": pack(good(duration_s=None)),
    "no modalities": pack(good(modalities=[])),
    "no intervals": pack(good(modalities={"eye_gaze": {"labels": []}})),
    "backwards": pack(good([[1.0, 0.0, "center", 1.0]])),
    "unknown label": pack(good([[0.0, 1.0, "elsewhere", 1.0]])),
    "half an interval": pack(good([[1.0]])),
    "columns of unequal lengths": columns(ends=[]),
    "a negative position": columns(read=[-1]),
    "a position beyond the labels": columns(read=[2]),
    "columns backwards": columns(starts=[1000], ends=[0]),
    "no columns": gzip.compress(gzip.decompress(columns()).split(b"\n")[0]),
    "half a gap": pack(good(modalities={"eye_gaze": {"labels": [], "intervals": [], "gaps": [[1.0, 2.0]]}})),
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named_as_such(data):
    with pytest.raises(TimelinesDamaged, match="damaged"):
        timelines_read(store(data))


@pytest.mark.parametrize("probabilities", [{}, {"eye_gaze": []}, {"eye_gaze": [1]}, {"eye_gaze": [[1.0], [1.0]]}])
def test_damaged_probabilities_are_named_where_they_are_needed(probabilities):
    name = store(pack(good(), probabilities))
    assert timelines_read(name).timelines["eye_gaze"].observed_s == 1.0
    with pytest.raises(TimelinesDamaged):
        timelines_read(name, with_probabilities=True)


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
