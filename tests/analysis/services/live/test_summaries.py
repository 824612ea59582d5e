"""The summary of a room's live readings, made when the room closes and shown by the report."""

import base64
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.models import LiveSummary
from analysis.services.live.journals import journal_begin
from analysis.services.live.summaries import live_summary_create
from interviews.models import FileKey, Room
from interviews.services.received_files import received_erase

STARTED = timezone.now().replace(microsecond=0)


@pytest.fixture
def room(interview, alice):
    """The recording is 20 s long and was made in this room."""
    return Room.objects.create(interview=interview, host=alice, status="ended", recording_started_at=STARTED)


def journal(room, *readings, models=None):
    """``readings``: (modality, start, end, label, confidence) in seconds of the room's clock."""
    zero = STARTED.timestamp()
    rows = [{"opened_ms": 0, "models": models or {"facial_expression": "v1"}}]
    rows += [[key, round((zero + a) * 1000), round((zero + b) * 1000), label, p] for key, a, b, label, p in readings]
    room.folder.mkdir(parents=True, exist_ok=True)
    path = room.folder / "readings.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows) + '\n["facial_expr')


def test_the_readings_within_the_recording_are_summed_up(room, interview):
    journal(
        room,
        ("facial_expression", -5, -1, "angry", 0.9),  # before the recording
        ("facial_expression", 0, 6, "happy", 0.9),
        ("facial_expression", 6, 8, "neutral", 0.9),
        ("facial_expression", 19, 25, "sad", 0.9),  # goes on after it
    )
    summary = live_summary_create(recording=interview.recordings.get())
    face = summary.distributions["facial_expression"]
    assert face["observed_s"] == pytest.approx(9.0, abs=0.1)
    assert face["coverage"] == pytest.approx(0.45, abs=0.01)
    assert face["shares"]["happy"] == pytest.approx(6 / 9, abs=0.01)
    assert face["shares"]["angry"] == 0
    assert face["versions"] == ["v1"]
    assert set(summary.metrics) == {"attentiveness", "deep_thinking", "confidence", "potential_lie"}


@pytest.mark.parametrize("content", [None, "", "nonsense\n[1,2]\n"])
def test_without_live_readings_there_is_no_summary(room, interview, content):
    if content is not None:
        room.folder.mkdir(parents=True)
        (room.folder / "readings.jsonl").write_text(content)
    assert live_summary_create(recording=interview.recordings.get()) is None
    assert not LiveSummary.objects.exists()


def test_a_room_that_never_recorded_has_no_summary(room, interview):
    journal(room, ("eye_gaze", 0, 1, "center", 0.9))
    Room.objects.update(recording_started_at=None)
    assert live_summary_create(recording=interview.recordings.get()) is None


def test_readings_of_another_time_are_not_mistaken_for_the_recordings(room, interview):
    journal(room, ("eye_gaze", 0, 5, "center", 0.9))
    Room.objects.update(recording_started_at=STARTED + timedelta(minutes=5))
    assert live_summary_create(recording=interview.recordings.get()) is None


def test_the_report_page_and_the_api_show_the_difference(room, interview, alice, client_of, succeeded_run):
    journal(room, ("facial_expression", 0, 6, "happy", 0.9), ("eye_gaze", 0, 4, "center", 0.9))
    live_summary_create(recording=interview.recordings.get())
    browser = client_of(alice)
    page = browser.get(f"/interviews/{interview.pk}/").content.decode()
    assert "Live and final readings" in page
    assert "The shares agree to" in page
    live = browser.get(f"/api/v1/runs/{succeeded_run.pk}/report/").json()["live"]
    assert set(live["modalities"]) == {"facial_expression", "eye_emotion", "eye_gaze", "speech_emotion"}
    assert live["modalities"]["facial_expression"]["shares"]["happy"] == 1.0


def test_an_encrypted_journal_is_summed_up_and_goes_with_its_key(room, interview, settings):
    settings.MEDIA_ENCRYPTION = True
    settings.MEDIA_KEYS = [base64.urlsafe_b64encode(bytes(32)).decode()]
    zero = STARTED.timestamp() * 1000
    for start_s in (0, 3):  # opened twice, with one key
        line = json.dumps(["facial_expression", zero + start_s * 1000, zero + start_s * 1000 + 3000, "happy", 0.9])
        journal_begin(room_id=room.pk).append(f"{line}\n")
    assert b"happy" not in room.journal.read_bytes()
    summary = live_summary_create(recording=interview.recordings.get())
    assert summary.distributions["facial_expression"]["observed_s"] == 6
    received_erase(room.journal)
    assert not FileKey.objects.exists()
