"""Opening, ending, blind mode, questions and notes on the room's clock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from interviews.models import Question, Room
from interviews.room_pictures import picture_forget, picture_keep
from interviews.services import rooms as services
from interviews.services.rooms import lifecycle


@pytest.fixture
def began(room, recorded):
    """Recording began a minute ago."""
    recorded.begin()
    Room.objects.filter(pk=room.pk).update(recording_started_at=timezone.now() - timedelta(seconds=60))
    return recorded


def test_the_host_opens_the_room_and_ends_it(host, room, published, django_capture_on_commit_callbacks):
    assert host.post("open/").json()["status"] == "live"
    opened_at = host.get().json()["opened_at"]
    assert host.post("open/").json()["opened_at"] == opened_at, "asking twice changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        ended = host.post("end/").json()
    assert (ended["status"], ended["end_reason"]) == ("ended", "Ended by Alice Archer.")
    assert ("interviews.tasks.room_store", (str(room.pk),)) in published
    answer = host.post("open/")
    assert (answer.status_code, answer.json()["code"]) == (409, "room_ended")


def test_ending_twice_ends_once(host, published, django_capture_on_commit_callbacks):
    host.post("open/")
    with django_capture_on_commit_callbacks(execute=True):
        first = host.post("end/").json()
        second = host.post("end/").json()
    assert first["ended_at"] == second["ended_at"]
    assert [name for name, _ in published].count("interviews.tasks.room_store") == 1


def test_a_room_may_be_ended_before_it_was_opened(host):
    assert host.post("end/").json()["status"] == "ended"


def test_blind_mode_is_switched(host):
    assert host.patch({"blind": True}).json()["blind"] is True
    assert host.patch({"blind": False}).json()["blind"] is False


def test_a_question_is_marked_on_the_rooms_clock(host, began):
    answer = host.post("questions/", {"text": " Why  us? "})
    assert answer.status_code == 201
    assert answer.json()["at_s"] == pytest.approx(60, abs=5)
    assert answer.json()["text"] == "Why us?"


def test_a_question_may_have_no_words(host, began):
    assert host.post("questions/", {}).json()["text"] == ""


def test_a_prepared_question_is_asked_once_and_may_be_taken_back(host, began, room):
    listed = host.put("prepared-questions/", {"questions": [{"text": "Why?"}, {"text": "Who?"}]}).json()["questions"]
    mark = host.post("questions/", {"prepared": listed[1]["id"]}).json()
    again = host.post("questions/", {"prepared": listed[1]["id"]}).json()
    assert again["id"] == mark["id"]
    assert (mark["text"], mark["prepared"]) == ("Who?", listed[1]["id"])
    asked = host.get("prepared-questions/").json()["questions"]
    assert [q["asked"] and q["asked"]["id"] for q in asked] == [None, mark["id"]]
    assert [q["id"] for q in host.get("questions/").json()["questions"]] == [mark["id"]]
    assert host.delete(f"questions/{mark['id']}/").status_code == 204
    assert host.get("prepared-questions/").json()["questions"][1]["asked"] is None


def test_reordering_prepared_questions_keeps_their_marks(host, began):
    first, second = host.put("prepared-questions/", {"questions": [{"text": "Why?"}, {"text": "Who?"}]}).json()[
        "questions"
    ]
    mark = host.post("questions/", {"prepared": first["id"]}).json()
    changed = [{"id": second["id"], "text": "Who else?"}, {"id": first["id"], "text": "Why?"}, {"text": "When?"}]
    listed = host.put("prepared-questions/", {"questions": changed}).json()["questions"]
    assert [q["text"] for q in listed] == ["Who else?", "Why?", "When?"]
    assert listed[1]["asked"]["id"] == mark["id"]
    host.put("prepared-questions/", {"questions": []})
    assert Question.objects.filter(pk=mark["id"]).exists(), "what was asked stays asked"


def test_an_empty_prepared_question_is_refused_and_the_list_stays(host, room):
    host.put("prepared-questions/", {"questions": [{"text": "Why?"}]})
    assert host.put("prepared-questions/", {"questions": [{"text": " "}]}).status_code == 400
    assert room.interview.prepared_questions.count() == 1


def test_a_question_before_the_recording_is_refused_with_a_sentence(host, room):
    answer = host.post("questions/", {"text": "Why?"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_live")
    host.post("open/")
    answer = host.post("questions/", {"text": "Why?"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_recording")
    assert "recording has not started" in answer.json()["detail"]
    assert not room.interview.questions.exists()


def test_after_the_end_marks_are_the_reports_business(host, began):
    mark = host.post("questions/", {}).json()
    host.post("end/")
    assert host.post("questions/", {}).status_code == 409
    assert host.delete(f"questions/{mark['id']}/").status_code == 409


def test_notes_carry_the_second_and_their_author_removes_them(host, began, carol, client_of, room):
    note = host.post("notes/", {"text": "Good example"}).json()
    assert note["at_s"] == pytest.approx(60, abs=5)
    colleague = client_of(carol)
    path = f"/api/v1/rooms/{room.pk}/notes/"
    theirs = colleague.post(path, {"text": "I agree"}, "application/json").json()
    assert [n["author"] for n in host.get("notes/").json()["notes"]] == ["Alice Archer", "Carol Cooper"]
    assert host.delete(f"notes/{theirs['id']}/").status_code == 403
    assert colleague.delete(f"{path}{theirs['id']}/").status_code == 204
    assert host.post("notes/", {"text": "  "}).status_code == 400


def test_a_note_before_the_recording_has_no_second(host):
    assert host.post("notes/", {"text": "Ask about Oslo"}).json()["at_s"] is None


def test_the_newest_picture_is_there_for_seconds_or_not_at_all(host, room):
    assert host.get("frame/").status_code == 204
    picture_keep(room.pk, b"\xff\xd8jpeg")
    picture = host.get("frame/")
    assert (picture.content, picture["Content-Type"]) == (b"\xff\xd8jpeg", "image/jpeg")
    assert "no-store" in picture["Cache-Control"]
    picture_forget(room.pk)
    assert host.get("frame/").status_code == 204


def test_a_live_room_that_everybody_has_left_is_ended(room, alice):
    services.room_open(room=room, by=alice)
    now = timezone.now()
    lifecycle.rooms_end_abandoned(now=now + timedelta(minutes=14))
    room.refresh_from_db()
    assert room.status == "live"
    lifecycle.rooms_end_abandoned(now=now + timedelta(minutes=16))
    room.refresh_from_db()
    assert room.status == "ended"
    assert "nobody had been in the room" in room.end_reason


def test_one_of_the_two_keeps_the_room_open(room, alice):
    services.room_open(room=room, by=alice)
    Room.objects.filter(pk=room.pk).update(opened_at=timezone.now() - timedelta(hours=1), host_seen_at=None)
    services.room_presence_mark(room_id=room.pk, who="candidate")
    lifecycle.rooms_end_abandoned(now=timezone.now() + timedelta(minutes=14))
    room.refresh_from_db()
    assert room.status == "live"


def test_a_room_that_nobody_has_opened_waits(room):
    lifecycle.rooms_end_abandoned(now=timezone.now() + timedelta(days=30))
    room.refresh_from_db()
    assert room.status == "waiting"


def test_a_room_ends_before_its_recording_is_too_long_to_be_stored(room, began, settings):
    lifecycle.rooms_end_abandoned(now=timezone.now())
    room.refresh_from_db()
    assert room.status == "live"
    settings.MAX_DURATION_S = 110
    lifecycle.rooms_end_abandoned(now=timezone.now())
    room.refresh_from_db()
    assert (room.status, "at most" in room.end_reason) == ("ended", True)


def test_leaving_is_not_the_end(candidate, host):
    host.post("open/")
    assert candidate.post("leave/").status_code == 204
    assert host.get().json()["status"] == "live"
    assert candidate.get().status_code == 200
