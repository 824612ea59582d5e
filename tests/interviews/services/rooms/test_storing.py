"""The end of a room: what arrived becomes a stored recording, whatever else went wrong."""

import base64
import fcntl
import hashlib
import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db.models import F
from django.utils import timezone

from analysis.models import AnalysisRun, Transcript
from analysis.services import RunConflict, run_request
from analysis.tasks import room_store
from interviews.media_encryption.files import MAGIC
from interviews.models import Chunk, FileKey, GazeCalibration, Recording, Room, Take
from interviews.services import interview_delete
from interviews.services import rooms as services
from interviews.services.rooms import storing
from interviews.services.rooms.remuxing import takes_remux
from tests.factories.consent import agree
from tests.factories.media import make_recording
from tests.factories.odd_media import with_tracks
from tests.factories.rooms import STARTED_MS


@pytest.fixture(scope="session")
def take_file(tmp_path_factory) -> Path:
    """Three seconds as a browser records them."""
    path = tmp_path_factory.mktemp("take") / "take.webm"
    return make_recording(path, duration_s=3.0, size=(160, 120), declare_duration=False)


@pytest.fixture
def live(room, recorded):
    """The room, live, with the candidate's agreement."""
    room.refresh_from_db()
    return room


def send(room, path: Path, *, count=5, started_ms=STARTED_MS, offset_s=0.0, finish=True) -> Take:
    """Upload a recording as one take in ``count`` chunks; it began ``offset_s`` after the room's second 0."""
    take, _ = services.take_begin(room=room, mime_type="video/webm", started_ms=started_ms)
    Take.objects.filter(pk=take.pk).update(offset_s=offset_s)
    content = path.read_bytes()
    step = -(-len(content) // count)
    for sequence in range(count):
        chunk(take, sequence, content[sequence * step : (sequence + 1) * step])
    if finish:
        services.take_finish(take=take, chunks=count)
    return take


def chunk(take, sequence, content):
    sha256 = hashlib.sha256(content).hexdigest()
    services.chunk_store(take=take, sequence=sequence, sha256=sha256, body=BytesIO(content))


def end_and_store(room, alice, *, at_s=60.0):
    """End the interview at second ``at_s`` of the room's clock, whenever that is, and have the worker look at it."""
    room = services.room_end(room=room, by=alice)
    if room.recording_started_at is not None:
        Room.objects.filter(pk=room.pk).update(ended_at=room.recording_started_at + timedelta(seconds=at_s))
    return stored(room)


def stored(room):
    """The room after the worker has looked at it."""
    room_store(str(room.pk))
    room.refresh_from_db()
    return room


def test_the_chunks_become_a_recording_and_its_analysis_is_requested(live, alice, take_file, host, client_of):
    send(live, take_file)
    room = end_and_store(live, alice)
    assert (room.status, room.failure_reason) == ("stored", "")
    recording = Recording.objects.get(interview=room.interview)
    assert recording.duration_s == pytest.approx(3.0, abs=0.1)
    assert (recording.uploaded_by, recording.container) == (alice, "matroska")
    content = recording.file.read()
    recording.file.close()
    assert hashlib.sha256(content).hexdigest() == recording.sha256
    assert len(content) == recording.size_bytes
    assert AnalysisRun.objects.get().recording == recording
    assert not room.folder.exists(), "the parts go once the recording is stored"
    assert host.get().json()["status"] == "stored"
    page = client_of(alice).get(f"/interviews/{room.interview_id}/")
    assert page.status_code == 200


def test_a_part_that_was_reported_long_after_it_began_is_named(live, alice, take_file):
    take = send(live, take_file)
    Take.objects.filter(pk=take.pk).update(created_at=take.created_at + timedelta(minutes=5))
    room = end_and_store(live, alice)
    assert room.status == "stored"
    assert "Part 1 was reported 5 minutes after it had begun" in room.failure_reason


def test_encrypted_parts_become_an_encrypted_recording(live, alice, take_file, settings):
    settings.MEDIA_ENCRYPTION, settings.MEDIA_KEYS = True, [base64.urlsafe_b64encode(bytes(range(32))).decode()]
    send(live, take_file, finish=False)
    unreadable = bytes(storing.UNREAD_BYTES + 1)
    take = Take.objects.get()
    chunk(take, 5, unreadable)
    services.take_finish(take=take, chunks=6)
    room = end_and_store(live, alice)
    recording = Recording.objects.get(interview=room.interview)
    with recording.file.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == recording.sha256
    kept = {f"live/{room.pk}/{path.name}" for path in room.folder.glob("*.part")}
    assert set(FileKey.objects.values_list("name", flat=True)) == {recording.file.name, *kept}
    assert not list((settings.MEDIA_ROOT / "work").iterdir())
    assert all(path.read_bytes().startswith(MAGIC) for path in room.folder.glob("*.part"))


def test_a_live_interview_without_a_camera_is_kept_as_sound(live, alice, take_file, tmp_path, client_of):
    sound = with_tracks(tmp_path / "sound.webm", [(take_file, "audio")])
    send(live, sound)
    room = end_and_store(live, alice)
    assert room.status == "stored"
    assert room.failure_reason == "There is no picture, only sound."
    recording = Recording.objects.get(interview=room.interview)
    assert (recording.has_picture, recording.has_audio) == (False, True)
    assert recording.duration_s == pytest.approx(3.0, abs=0.1)
    assert AnalysisRun.objects.get().recording == recording
    page = client_of(alice).get(f"/interviews/{room.interview_id}/").content.decode()
    assert "none, sound alone" in page
    assert 'width="0"' not in page


def test_a_camera_that_comes_later_leaves_the_sound_before_it(live, alice, take_file, tmp_path):
    sound = with_tracks(tmp_path / "sound.webm", [(take_file, "audio")])
    send(live, sound)
    send(live, take_file, started_ms=STARTED_MS + 3500, offset_s=3.5)
    room = end_and_store(live, alice)
    assert room.status == "stored"
    assert room.failure_reason == "There is no picture until 3.5 s, only sound."
    recording = Recording.objects.get(interview=room.interview)
    assert recording.duration_s == pytest.approx(6.5, abs=0.1)
    assert recording.has_picture


@pytest.mark.parametrize(("analysis", "transcript"), [(True, False), (False, True), (False, False)])
def test_only_what_was_agreed_to_follows_a_stored_recording(
    live, alice, recorded, take_file, published, analysis, transcript
):
    recorded.agree(recording=True, analysis=analysis, transcript=transcript)
    send(live, take_file)
    end_and_store(live, alice)
    assert AnalysisRun.objects.exists() is analysis
    assert Transcript.objects.exists() is (transcript and not analysis), "after an analysis, its run requests it"


def test_a_recording_that_is_taken_back_while_it_is_joined_is_not_stored(live, alice, take_file, monkeypatch):
    def joined(**fields):
        agree(live.interview, "recording", given=False)
        return takes_remux(**fields)

    monkeypatch.setattr("interviews.services.rooms.storing.takes_remux", joined)
    send(live, take_file)
    assert end_and_store(live, alice).status == "ended"
    assert not Recording.objects.exists()
    assert end_and_store(live, alice).status == "unrecorded"
    assert not live.folder.exists()


def test_taking_part_without_analysis_is_a_real_choice(live, alice, recorded, take_file, client_of):
    recorded.agree(recording=True, analysis=False, transcript=False)
    send(live, take_file)
    room = end_and_store(live, alice)
    assert room.status == "stored"
    assert not AnalysisRun.objects.exists()
    browser = client_of(alice)
    page = browser.get(f"/interviews/{room.interview_id}/").content.decode()
    assert "takes part without analysis" in page
    recording = Recording.objects.get()
    with pytest.raises(RunConflict, match="without analysis"):
        run_request(recording=recording, by=alice)
    answer = browser.post(f"/api/v1/interviews/{room.interview_id}/runs/", content_type="application/json")
    assert answer.status_code == 409


def test_questions_and_notes_carry_over_on_the_files_clock(live, alice, host, take_file):
    send(live, take_file)
    Room.objects.filter(pk=live.pk).update(recording_started_at=timezone.now() - timedelta(seconds=2))
    host.post("questions/", {"text": "Why?"})
    host.post("notes/", {"text": "Calm"})
    Room.objects.filter(pk=live.pk).update(recording_started_at=timezone.now() - timedelta(seconds=90))
    host.post("questions/", {"text": "Asked after the recorder had stopped"})
    room = end_and_store(live, alice)
    marks = [(question.text, round(question.at_s)) for question in room.interview.questions.all()]
    assert marks == [("Why?", 2), ("Asked after the recorder had stopped", 3)]
    assert room.interview.questions.last().at_s <= Recording.objects.get().duration_s
    assert room.interview.notes.get().at_s == pytest.approx(2, abs=1)


def test_when_the_first_take_is_lost_every_mark_moves_with_the_file(live, alice, host, take_file):
    first = send(live, take_file)
    send(live, take_file, started_ms=STARTED_MS + 1, offset_s=10.0)
    Room.objects.filter(pk=live.pk).update(recording_started_at=timezone.now() - timedelta(seconds=12))
    host.post("questions/", {"text": "Why?"})
    (live.folder / f"{first.number}-0.part").unlink()
    room = end_and_store(live, alice)
    assert room.status == "stored"
    assert room.interview.questions.get().at_s == pytest.approx(2, abs=1)
    assert room.takes.get(number=2).offset_s == pytest.approx(0.0)
    assert "Part 1 of the recording could not be read." in room.failure_reason
    assert "1 of 10 received parts have disappeared" in room.failure_reason
    kept = sorted(path.name for path in room.folder.iterdir())
    assert kept == [f"1-{number}.part" for number in range(1, 5)], "what cannot be read is not thrown away"


def test_the_calibration_carries_over_to_the_run(live, alice, take_file):
    GazeCalibration.objects.create(room=live, parameters={"features": 1}, error_degrees=3.0, points=9)
    send(live, take_file)
    end_and_store(live, alice)
    assert AnalysisRun.objects.get().options["gaze_calibration"] == {"features": 1}


def test_a_reload_leaves_a_gap_in_the_file_and_nothing_else(live, alice, take_file):
    send(live, take_file)
    send(live, take_file, started_ms=STARTED_MS + 1, offset_s=7.0)
    end_and_store(live, alice)
    assert Recording.objects.get().duration_s == pytest.approx(10.0, abs=0.1)


def test_outstanding_chunks_are_waited_for(live, alice, take_file):
    take = send(live, take_file, count=5, finish=False)
    services.take_finish(take=take, chunks=6)
    room = end_and_store(live, alice)
    assert room.status == "ended"
    chunk(take, 5, take_file.read_bytes()[:1])
    assert stored(room).status == "stored"


def pass_by(seconds):
    """Everything that happened lies so much further back."""
    ago = timedelta(seconds=seconds)
    Chunk.objects.update(received_at=F("received_at") - ago)
    Take.objects.update(created_at=F("created_at") - ago)
    Room.objects.update(ended_at=F("ended_at") - ago, recording_started_at=F("recording_started_at") - ago)


def test_a_take_that_never_finishes_is_stored_after_three_minutes(live, alice, take_file):
    send(live, take_file, finish=False)
    room = end_and_store(live, alice, at_s=3.0)
    pass_by(seconds=150)
    assert stored(room).status == "ended"
    pass_by(seconds=40)
    assert stored(room).status == "stored"
    assert Recording.objects.get().duration_s == pytest.approx(3.0, abs=0.1)


def test_a_network_that_comes_back_two_minutes_after_the_end_still_brings_everything(live, alice, take_file):
    content = take_file.read_bytes()
    half = len(content) // 2
    take, _ = services.take_begin(room=live, mime_type="video/webm", started_ms=STARTED_MS)
    chunk(take, 0, content[:half])
    room = end_and_store(live, alice, at_s=3.0)
    pass_by(seconds=150)  # two minutes without a network, and the half minute in which a browser notices its return
    assert stored(room).status == "ended"
    chunk(take, 1, content[half:])
    services.take_finish(take=take, chunks=2)
    assert stored(room).status == "stored"
    assert Recording.objects.get().duration_s == pytest.approx(3.0, abs=0.1)


def test_what_a_page_without_a_network_records_after_the_end_is_left_out(live, alice, take_file, monkeypatch):
    monkeypatch.setattr(storing, "UNHEARD_S", 0.5)
    send(live, take_file)
    room = end_and_store(live, alice, at_s=1.0)
    assert room.status == "stored"
    assert room.failure_reason == "The recording was cut at the end of the interview."
    assert Recording.objects.get().duration_s == pytest.approx(1.5, abs=0.15)


@pytest.mark.parametrize("agreed", [True, False])
def test_a_room_without_a_recording_is_closed_with_the_reason(room, alice, candidate, agreed):
    candidate.agree(recording=agreed, analysis=False, transcript=False)
    services.room_open(room=room, by=alice)
    services.room_end(room=room, by=alice)
    Room.objects.update(ended_at=timezone.now() - timedelta(minutes=5))
    room_store(str(room.pk))
    room.refresh_from_db()
    assert room.status == "unrecorded"
    assert room.failure_reason == (storing.NOTHING_CAME if agreed else storing.DECLINED)
    assert not room.folder.exists()
    assert not Recording.objects.exists()


def test_an_agreement_taken_back_erases_what_had_arrived(live, alice, recorded, take_file):
    send(live, take_file)
    recorded.agree(recording=False, analysis=False, transcript=False)
    room = end_and_store(live, alice)
    assert room.status == "unrecorded"
    assert not room.folder.exists()
    assert not Chunk.objects.exists()


def test_a_truncated_last_chunk_costs_its_own_end_alone(live, alice, take_file):
    take = send(live, take_file)
    last = live.folder / f"{take.number}-4.part"
    last.write_bytes(last.read_bytes()[:100])
    room = end_and_store(live, alice)
    assert room.status == "stored"
    assert Recording.objects.get().duration_s > 2.0


def test_what_cannot_be_read_at_all_stays_on_the_disk_and_may_be_tried_again(
    live, alice, host, take_file, published, django_capture_on_commit_callbacks
):
    take = send(live, take_file)
    first = live.folder / f"{take.number}-0.part"
    content = first.read_bytes()
    first.write_bytes(bytes(len(content)))
    room = end_and_store(live, alice)
    assert room.status == "failed"
    assert "kept on the server" in room.failure_reason
    assert len(list(room.folder.glob("*.part"))) == 5
    assert host.post("end/").json()["status"] == "failed"
    first.write_bytes(content)
    with django_capture_on_commit_callbacks(execute=True):
        assert host.post("store/").json()["status"] == "ended"
    assert ("interviews.tasks.room_store", (str(room.pk),)) in published
    room_store(str(room.pk))
    room.refresh_from_db()
    assert (room.status, room.failure_reason) == ("stored", "")
    assert host.post("store/").json()["code"] == "nothing_failed"


def test_an_internal_error_is_tried_again_and_fails_on_the_third_time(live, alice, take_file, monkeypatch):
    send(live, take_file)
    services.room_end(room=live, by=alice)

    def broken(**arguments):
        raise OSError("disk on fire")

    monkeypatch.setattr(storing, "takes_remux", broken)
    for status in ("ended", "ended", "failed"):
        room_store(str(live.pk))
        live.refresh_from_db()
        assert live.status == status
    assert "internal error (reference" in live.failure_reason
    assert len(list(live.folder.glob("*.part"))) == 5


def test_a_failure_of_the_analysis_request_stores_nothing_and_keeps_the_parts(live, alice, take_file, monkeypatch):
    send(live, take_file)
    services.room_end(room=live, by=alice)

    def broken(recording):
        raise RuntimeError

    services.room_store(room_id=live.pk, then=broken)
    live.refresh_from_db()
    assert (live.status, live.store_attempts) == ("ended", 1)
    assert not Recording.objects.exists()
    assert len(list(live.folder.glob("*.part"))) == 5
    room_store(str(live.pk))
    assert Recording.objects.count() == 1


def test_storing_twice_stores_once(live, alice, take_file):
    send(live, take_file)
    end_and_store(live, alice)
    room_store(str(live.pk))
    assert Recording.objects.count() == 1
    assert AnalysisRun.objects.count() == 1


def test_a_second_worker_leaves_the_first_alone(live, alice, take_file):
    send(live, take_file)
    services.room_end(room=live, by=alice)
    with (live.folder / storing.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        room_store(str(live.pk))
        live.refresh_from_db()
        assert live.status == "ended"
    room_store(str(live.pk))
    live.refresh_from_db()
    assert live.status == "stored"


def test_a_chunk_that_comes_while_it_is_stored_is_not_forgotten(live, alice, take_file, monkeypatch):
    content = take_file.read_bytes()
    take, _ = services.take_begin(room=live, mime_type="video/webm", started_ms=STARTED_MS)
    half = len(content) // 2
    chunk(take, 0, content[:half])
    services.take_finish(take=take, chunks=1)
    services.room_end(room=live, by=alice)
    probe = storing.recording_probe

    def overtaken(path, **options):
        probed = probe(path, **options)
        if take.chunks.count() == 1:
            chunk(take, 1, content[half:])
        return probed

    monkeypatch.setattr(storing, "recording_probe", overtaken)
    room_store(str(live.pk))
    live.refresh_from_db()
    assert live.status == "ended"
    room_store(str(live.pk))
    live.refresh_from_db()
    assert live.status == "stored"
    assert Recording.objects.get().duration_s == pytest.approx(3.0, abs=0.1)


def test_an_interview_erased_while_it_is_stored_leaves_nothing(
    live, alice, take_file, monkeypatch, django_capture_on_commit_callbacks
):
    send(live, take_file)
    services.room_end(room=live, by=alice)
    probe = storing.recording_probe

    def erased(path, **options):
        probed = probe(path, **options)
        with django_capture_on_commit_callbacks(execute=True):
            interview_delete(interview=live.interview, by=live.interview.owner)
        return probed

    monkeypatch.setattr(storing, "recording_probe", erased)
    folder = live.folder
    room_store(str(live.pk))
    assert not folder.exists()
    assert not Recording.objects.exists()


def test_the_sweep_publishes_ended_rooms_and_clears_what_nobody_owns(
    live, alice, settings, published, django_capture_on_commit_callbacks
):
    services.room_end(room=live, by=alice)
    root = Path(settings.MEDIA_ROOT) / "live"
    old = root / "0b0e1e2c-5bd0-4a8e-9d2e-5f3c0d9f7a11"
    young = root / "1b0e1e2c-5bd0-4a8e-9d2e-5f3c0d9f7a11"
    for folder in (old, young):
        folder.mkdir(parents=True)
    before = (timezone.now() - timedelta(hours=25)).timestamp()
    os.utime(old, (before, before))
    with django_capture_on_commit_callbacks(execute=True):
        services.rooms_sweep()
    assert ("interviews.tasks.room_store", (str(live.pk),)) in published
    assert not old.exists()
    assert young.exists()
