"""Chunks of the recording: in order, whole, once, and never lost once they have arrived."""

import hashlib
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from interviews.errors import ChunkConflict
from interviews.models import Chunk, ConsentEvent, Room, Take
from interviews.services import rooms as services
from interviews.services.consent import consent_record
from interviews.services.interviews import interview_delete
from tests.factories.rooms import STARTED_MS


def test_chunks_arrive_in_order_and_lie_on_the_disk(room, recorded):
    begun = recorded.begin()
    assert (begun.status_code, begun.json()) == (201, {"number": 1, "next_sequence": 0})
    assert recorded.send(1, 0, b"first").json() == {"next_sequence": 1}
    assert recorded.send(1, 1, b"second").json() == {"next_sequence": 2}
    assert [chunk.path.read_bytes() for chunk in Chunk.objects.order_by("sequence")] == [b"first", b"second"]
    assert recorded.get("takes/1/").json() == {"next_sequence": 2}, "where to go on after a reload"
    assert recorded.get().json()["takes"] == [
        {"number": 1, "started_ms": STARTED_MS, "next_sequence": 2, "finished": False}
    ]


def test_two_minutes_of_chunks_may_come_one_right_after_the_other(recorded):
    recorded.begin()
    answers = [recorded.send(1, sequence, b"chunk %d" % sequence).json() for sequence in range(45)]
    assert answers == [{"next_sequence": sequence + 1} for sequence in range(45)]


def test_the_same_chunk_again_is_fine(recorded):
    recorded.begin()
    recorded.send(1, 0, b"first")
    recorded.send(1, 1, b"second")
    assert recorded.send(1, 0, b"first").json() == {"next_sequence": 2}
    assert Chunk.objects.count() == 2


def test_another_chunk_of_the_same_number_is_refused(recorded):
    recorded.begin()
    recorded.send(1, 0, b"first")
    answer = recorded.send(1, 0, b"other")
    assert (answer.status_code, answer.json()) == (409, {"next_sequence": 1})
    assert Chunk.objects.get().path.read_bytes() == b"first"


def test_a_chunk_too_early_is_told_which_comes_next(recorded):
    recorded.begin()
    answer = recorded.send(1, 3, b"later")
    assert (answer.status_code, answer.json()) == (409, {"next_sequence": 0})


@pytest.mark.parametrize("sha256", ["", "x" * 64, "0" * 63, "٣" * 64])
def test_a_chunk_comes_with_its_hash(recorded, sha256):
    recorded.begin()
    headers = {**recorded.headers}
    if sha256.isascii():
        headers["X-Chunk-Sha256"] = sha256
    answer = recorded.client.put(
        f"{recorded.root}takes/1/chunks/0/", b"bytes", "application/octet-stream", headers=headers
    )
    assert answer.status_code == 400
    assert "X-Chunk-Sha256" in answer.json()["chunk"][0]


def test_a_chunk_damaged_on_its_way_is_sent_again(room, recorded):
    recorded.begin()
    answer = recorded.send(1, 0, b"damaged", sha256=hashlib.sha256(b"whole").hexdigest())
    assert answer.status_code == 400
    assert "damaged on its way" in answer.json()["chunk"][0]
    assert list(room.folder.iterdir()) == []
    assert recorded.send(1, 0, b"whole").json() == {"next_sequence": 1}


def test_a_recording_beyond_the_limit_is_refused_with_a_sentence(recorded, settings):
    settings.MAX_UPLOAD_BYTES = 10
    recorded.begin()
    assert recorded.send(1, 0, b"12345").status_code == 200
    answer = recorded.send(1, 1, b"678901")
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert recorded.send(1, 1, b"67890").status_code == 200
    answer = recorded.send(1, 2, b"1")
    assert answer.status_code == 413
    assert "The call goes on without it" in answer.json()["detail"]
    settings.UPLOAD_CHUNK_BYTES = 3
    settings.MAX_UPLOAD_BYTES = 100
    assert recorded.send(1, 2, b"1234").status_code == 413


def test_a_full_disk_is_said_and_nothing_is_kept(room, recorded, monkeypatch):
    recorded.begin()
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 0}))
    answer = recorded.send(1, 0, b"bytes")
    assert answer.status_code == 400
    assert "disk is full" in answer.json()["chunk"][0]
    assert list(room.folder.iterdir()) == []


@pytest.mark.parametrize("path", ["takes/7/", "takes/7/chunks/0/", "takes/99999999999999999999/"])
def test_a_take_that_never_was_is_a_404(recorded, path):
    assert recorded.get(path).status_code in (404, 405)
    assert recorded.send(7, 0, b"x").status_code == 404
    assert recorded.finish(7, 1).status_code == 404


def test_a_sequence_beyond_all_numbers_is_answered(recorded):
    recorded.begin()
    assert recorded.send(1, 10**30, b"x").json() == {"next_sequence": 0}


def opened_ago(room: Room, *, room_s: float, agreement_s: float) -> None:
    """The room was opened, and the candidate agreed, so many seconds ago."""
    now = timezone.now()
    Room.objects.filter(pk=room.pk).update(opened_at=now - timedelta(seconds=room_s))
    answers = {"recording": (True, "Said again.")}
    at = now - timedelta(seconds=agreement_s)
    consent_record(interview=room.interview, answers=answers, how=ConsentEvent.How.ROOM, at=at)
    room.refresh_from_db()


@pytest.mark.parametrize(("room_s", "agreement_s"), [(5, 3000), (3000, 5)])
def test_no_clock_reaches_before_the_room_or_the_agreement(room, recorded, room_s, agreement_s):
    opened_ago(room, room_s=room_s, agreement_s=agreement_s)
    recorded.begin(STARTED_MS, sent_ms=STARTED_MS + 3_600_000)
    room.refresh_from_db()
    assert room.clock_s(timezone.now()) == pytest.approx(5, abs=3)


def test_the_first_take_starts_the_rooms_clock_when_the_recorder_started(room, recorded):
    opened_ago(room, room_s=60, agreement_s=60)
    recorded.begin(STARTED_MS, sent_ms=STARTED_MS + 20_000)  # the news was 20 s on its way
    room.refresh_from_db()
    assert room.clock_s(timezone.now()) == pytest.approx(20, abs=3)
    second = recorded.begin(STARTED_MS + 30_000, sent_ms=STARTED_MS + 30_000)
    assert second.json() == {"number": 2, "next_sequence": 0}
    assert room.takes.get(number=2).offset_s == pytest.approx(20, abs=3), "by our clock, not the candidate's"


@pytest.mark.parametrize("sent_ms", [0, STARTED_MS - 10, 2**53])
def test_a_candidates_clock_can_do_no_harm(room, recorded, sent_ms):
    assert recorded.begin(sent_ms=sent_ms).status_code == 201
    room.refresh_from_db()
    assert 0 <= room.clock_s(timezone.now()) <= 3700
    assert room.takes.get().offset_s == 0


def test_the_same_take_is_announced_once(room, recorded):
    recorded.begin()
    recorded.send(1, 0, b"first")
    again = recorded.begin()
    assert (again.status_code, again.json()) == (200, {"number": 1, "next_sequence": 1})
    assert room.takes.count() == 1


@pytest.mark.parametrize("mime_type", ["audio/webm", "text/html", "", "video/webm" * 20])
def test_only_recordings_are_recorded(room, recorded, mime_type):
    assert recorded.begin(mime_type=mime_type).status_code == 400
    assert not room.takes.exists()


def test_nothing_is_recorded_before_the_interview(room, candidate):
    candidate.agree()
    answer = candidate.begin()
    assert (answer.status_code, answer.json()["code"]) == (409, "not_live")


def test_two_takes_do_not_mix(recorded):
    recorded.begin(STARTED_MS)
    recorded.begin(STARTED_MS + 5000)
    recorded.send(1, 0, b"one-0")
    recorded.send(2, 0, b"two-0")
    recorded.send(1, 1, b"one-1")
    by_take = {take.number: [c.path.read_bytes() for c in take.chunks.all()] for take in Take.objects.all()}
    assert by_take == {1: [b"one-0", b"one-1"], 2: [b"two-0"]}


def test_what_was_recorded_before_the_end_may_still_arrive(room, alice, recorded):
    opened_ago(room, room_s=60, agreement_s=60)
    recorded.begin()
    services.room_end(room=room, by=alice)
    assert recorded.send(1, 0, b"late").status_code == 200
    late = recorded.begin(STARTED_MS + 1000, sent_ms=STARTED_MS + 11_000)  # began 10 s ago, before the end
    assert late.status_code == 201
    after = recorded.begin(STARTED_MS + 2000, sent_ms=STARTED_MS + 2000)
    assert (after.status_code, after.json()["code"]) == (409, "not_live")


def test_the_last_chunk_of_an_ended_room_has_it_stored(
    room, alice, recorded, published, django_capture_on_commit_callbacks
):
    recorded.begin()
    services.room_end(room=room, by=alice)
    published.clear()
    with django_capture_on_commit_callbacks(execute=True):
        recorded.send(1, 0, b"last")
        recorded.finish(1, 1)
    assert published == [("interviews.tasks.room_store", (str(room.pk),))] * 2


@pytest.mark.parametrize("status", ["stored", "unrecorded", "failed"])
def test_a_closed_room_takes_nothing_more(room, recorded, status):
    recorded.begin()
    Room.objects.filter(pk=room.pk).update(status=status)
    answer = recorded.send(1, 0, b"too late")
    assert (answer.status_code, answer.json()["code"]) == (409, "room_closed")


def test_a_chunk_that_arrives_while_the_interview_is_erased_leaves_nothing(room, recorded):
    recorded.begin()
    take = room.takes.get()

    class Slow(BytesIO):
        def read(self, size=-1):
            if Room.objects.filter(pk=room.pk).exists():
                interview_delete(interview=room.interview, by=room.interview.owner)
            return super().read(size)

    with pytest.raises(Take.DoesNotExist):
        services.chunk_store(take=take, sequence=0, sha256=hashlib.sha256(b"x").hexdigest(), body=Slow(b"x"))
    assert not room.folder.exists()


def test_erasing_an_interview_erases_its_room(
    room, alice, host, recorded, client_of, django_capture_on_commit_callbacks
):
    recorded.begin()
    recorded.send(1, 0, b"first")
    host.post("questions/", {"text": "Why?"})
    host.post("notes/", {"text": "Hm"})
    host.put("prepared-questions/", {"questions": [{"text": "Who?"}]})
    (room.folder / "readings.jsonl").write_text("{}\n")
    with django_capture_on_commit_callbacks(execute=True):
        assert client_of(alice).delete(f"/api/v1/interviews/{room.interview_id}/").status_code == 204
    assert not room.folder.exists()
    assert not Room.objects.exists()
    assert recorded.get().status_code == 404


def test_the_same_chunk_twice_at_once_is_kept_once(room, recorded):
    recorded.begin()
    take = room.takes.get()
    sha256 = hashlib.sha256(b"x").hexdigest()

    class Overtaken(BytesIO):
        """While its bytes arrive, the same chunk arrives by another request."""

        def read(self, size=-1):
            block = super().read(size)
            if block:
                services.chunk_store(take=take, sequence=0, sha256=sha256, body=BytesIO(b"x"))
            return block

    assert services.chunk_store(take=take, sequence=0, sha256=sha256, body=Overtaken(b"x")) == 1
    assert Chunk.objects.count() == 1
    assert [path.name for path in room.folder.iterdir()] == ["1-0.part"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(orders=st.lists(st.integers(0, 7), max_size=30))
def test_in_whatever_order_chunks_are_tried_the_take_is_a_prefix_in_order(room, recorded, orders):
    now = timezone.now()
    Take.objects.all().delete()
    Room.objects.filter(pk=room.pk).update(recording_started_at=now - timedelta(seconds=1))
    take, _ = services.take_begin(room=room, mime_type="video/webm", started_ms=STARTED_MS)
    for sequence in orders:
        content = f"chunk {sequence}".encode()
        sha256 = hashlib.sha256(content).hexdigest()
        before = take.chunks.count()
        arriving = {"take": take, "sequence": sequence, "sha256": sha256, "body": BytesIO(content)}
        if sequence > before:
            with pytest.raises(ChunkConflict, match=f"Chunk {before} of this take"):
                services.chunk_store(**arriving)
        else:
            assert services.chunk_store(**arriving) == max(before, sequence + 1)
    contents = [chunk.path.read_bytes() for chunk in take.chunks.order_by("sequence")]
    assert contents == [f"chunk {sequence}".encode() for sequence in range(len(contents))]
