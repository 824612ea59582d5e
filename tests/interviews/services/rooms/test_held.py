"""A candidate takes an agreement back in mid-call while a legal hold stands: nothing is erased before it has ended."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.services.consent import consent_change, withdrawals_apply
from analysis.services.erasure import interview_erase
from interviews.models import AuditEntry, Chunk, GazeCalibration, HeldRevision, Room
from interviews.services import rooms
from interviews.services.holds import held_revisions_erase, hold_end, hold_set
from tests.factories.rooms import STARTED_MS


@pytest.fixture
def hold(room, alice):
    until = timezone.now() + timedelta(days=9)
    return hold_set(interview=room.interview, by=alice, reason="A lawsuit.", until=until)


@pytest.fixture
def held(room, recorded, hold, django_capture_on_commit_callbacks):
    """A part and a live reading arrived, and the candidate says no to everything."""
    recorded.begin()
    recorded.send(1, 0, b"before")
    room.journal.write_text("[]")
    GazeCalibration.objects.create(room=room, parameters={}, error_degrees=1, points=9)
    with django_capture_on_commit_callbacks(execute=True):
        recorded.answer = recorded.agree(recording=False, analysis=False, transcript=False).json()
    return recorded


@pytest.fixture
def ended(hold, alice, django_capture_on_commit_callbacks):
    """``ended()``: the hold ends, and the maintenance program comes by."""

    def end():
        hold_end(hold=hold, by=alice)
        with django_capture_on_commit_callbacks(execute=True):
            return withdrawals_apply(), rooms.held_erase(), held_revisions_erase(), rooms.parts_erase()

    return end


def files_of(room):
    return {path.suffix for path in room.folder.iterdir() if path.stat().st_size}


def test_a_hold_keeps_what_is_taken_back_in_the_call_and_the_candidate_is_told(room, held, hold, ended):
    assert held.answer["agreements"]["recording"]["given"] is False
    assert held.answer["is_held"]
    assert (
        f"legal duty to keep what is stored of this interview, until {hold.until:%-d %B %Y}"
        in (held.answer["hold_statement"])
    )
    assert files_of(room) == {".part", ".jsonl"}
    assert not room.journal.exists(), "new readings go into a new one"
    assert HeldRevision.objects.get().fields["error_degrees"] == 1, "the calibration is kept, and counts no more"
    assert AuditEntry.objects.filter(details__recorded="1 parts kept by a hold").exists()
    assert held.send(1, 1, b"after").json()["code"] in ("erased", "not_agreed"), "nothing is added"
    assert rooms.held_erase() == 0

    ended()
    assert list(room.folder.iterdir()) == []
    assert not Chunk.objects.exists()
    assert not HeldRevision.objects.exists()
    assert (held.get().json()["is_held"], held.get().json()["hold_statement"]) == (False, "")
    assert rooms.held_erase() == 0


def test_what_is_set_apart_becomes_no_recording_though_the_room_ends(room, held, alice, ended):
    rooms.room_end(room=room, by=alice)
    rooms.room_store(room_id=room.pk, then=lambda recording: None)
    room.refresh_from_db()
    assert room.status == Room.Status.UNRECORDED
    assert "hold" in room.failure_reason
    assert files_of(room) == {".part", ".jsonl"}
    assert not room.interview.recordings.exists()
    ended()
    room.refresh_from_db()
    assert room.failure_reason
    assert not room.folder.exists()


def test_who_agrees_again_is_recorded_and_calibrated_anew(room, held):
    held.agree()
    assert not GazeCalibration.objects.exists(), "the one from before the no"
    assert held.send(1, 1, b"after").json()["code"] == "erased"
    assert held.begin(STARTED_MS + 60_000).json()["number"] == 2
    assert held.send(2, 0, b"after").status_code == 200
    assert [chunk.take.number for chunk in rooms.storing._chunks(room)] == [2]


def test_no_to_the_analysis_alone_keeps_its_readings_apart(
    room, recorded, hold, ended, django_capture_on_commit_callbacks
):
    room.folder.mkdir(parents=True)
    room.journal.write_text("[]")
    with django_capture_on_commit_callbacks(execute=True):
        recorded.agree(analysis=False)
    assert (recorded.get().json()["is_held"], room.journal.exists(), len(room.held_journals)) == (True, False, 1)
    ended()
    assert room.held_journals == []


def test_a_withdrawal_on_the_own_page_keeps_what_waits_to_be_stored(room, recorded, alice, hold):
    recorded.begin()
    recorded.send(1, 0, b"before")
    rooms.room_end(room=room, by=alice)
    consent_change(interview=room.interview, answers={"recording": False})
    rooms.room_store(room_id=room.pk, then=lambda recording: None)
    assert Chunk.objects.get().path.exists()


def test_an_erased_interview_takes_it_along(room, held, alice, hold, django_capture_on_commit_callbacks):
    hold_end(hold=hold, by=alice)
    rooms.room_end(room=room, by=alice)
    with django_capture_on_commit_callbacks(execute=True):
        interview_erase(interview=room.interview, by=alice)
    assert not room.folder.exists()
