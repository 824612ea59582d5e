"""The lane file: pieces that are read one at a time."""

import gzip
import json

import pytest
from django.core.files.storage import default_storage

from analysis.lane_files import lane_file_exists, lane_file_name, lane_file_write, lane_piece_read
from analysis.services import timelines_sweep

NAME = "timelines/run/attempt.json.gz"


def test_pieces_come_back_one_at_a_time(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert not lane_file_exists(NAME)
    lane_file_write(NAME, [("tile/0/0", {"a": [1, 2]}), ("summary", {"b": "c"})])
    assert lane_file_exists(NAME)
    assert json.loads(gzip.decompress(lane_piece_read(NAME, "summary"))) == {"b": "c"}
    assert json.loads(gzip.decompress(lane_piece_read(NAME, "tile/0/0"))) == {"a": [1, 2]}
    assert lane_piece_read(NAME, "tile/9/9") is None


def test_an_analysis_leaves_its_lane_file_and_the_sweep_spares_it(succeeded_run, monkeypatch):
    name = succeeded_run.timeline_file.name
    assert lane_file_exists(name)
    succeeded_run.attempts = 2  # its folder is looked through
    succeeded_run.save()
    monkeypatch.setattr("analysis.services.runs.deletion.STRAY_AFTER", -succeeded_run.created_at.resolution * 10**12)
    timelines_sweep()
    assert lane_file_exists(name)


@pytest.mark.django_db
def test_tiles_and_stretches_are_answered_and_made_again_when_they_are_gone(client_of, alice, succeeded_run):
    client = client_of(alice)
    default_storage.delete(lane_file_name(succeeded_run.timeline_file.name))
    tile = client.get(f"/api/v1/runs/{succeeded_run.pk}/lanes/0/0/").json()
    assert tile["to_s"] == 20
    assert tile["modalities"]["eye_gaze"][0][2] == "center"
    squeezed = client.get(
        f"/api/v1/runs/{succeeded_run.pk}/stretches/eye_gaze/left/", headers={"accept-encoding": "gzip"}
    )
    assert squeezed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(squeezed.content)) == {"count": 1, "seconds": 4.0, "stretches": [[10, 14, 0.9]]}
    assert client.get(f"/api/v1/runs/{succeeded_run.pk}/stretches/eye_gaze/upwards/").status_code == 404
    assert client.get(f"/api/v1/runs/{succeeded_run.pk}/lanes/7/0/").status_code == 404


def test_a_metric_is_explained_with_its_seconds_and_only_while_the_question_marks_are_the_same(
    client_of, alice, succeeded_run
):
    client = client_of(alice)
    address = f"/api/v1/runs/{succeeded_run.pk}/metrics"
    found = client.get(f"{address}/attentiveness/").json()
    assert found["filled"].endswith(f"= {succeeded_run.metrics.get(metric='attentiveness').value:.2f}")
    assert found["is_current"]
    assert client.get(f"{address}/deep_thinking/").json()["reason"] == "no questions are marked"
    succeeded_run.recording.interview.questions.create(at_s=9.0, created_by=alice)
    assert not client.get(f"{address}/deep_thinking/").json()["is_current"]
    assert client.get(f"{address}/charm/").status_code == 404
