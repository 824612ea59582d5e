"""What the candidate is asked and answers, purpose by purpose."""

import pytest

from interviews.models import AuditEntry, Chunk, Room
from interviews.services import rooms as services
from interviews.services.rooms import storing
from tests.factories.rooms import STARTED_MS


def test_the_words_that_were_shown_are_stored_with_the_answer(room, candidate):
    shown = candidate.get().json()["agreements"]
    assert shown["recording"]["given"] is None
    assert "Northwind" in shown["recording"]["statement"]
    for word in ("facial expression", "eye emotion", "eye gaze", "speech emotion"):
        assert word in shown["analysis"]["statement"]
    assert "writes down what is said" in shown["transcript"]["statement"]
    assert candidate.agree(recording=True, analysis=False, transcript=True).status_code == 200
    events, words = room.interview.consent_events.all(), shown["analysis"]["statement"]
    assert {event.purpose: (event.given, event.statement) for event in events} == {
        "recording": (True, shown["recording"]["statement"]),
        **{part: (False, f"{words} {shown[part]['statement']}") for part in ("face", "eyes", "voice")},
        "sharing": (False, shown["sharing"]["statement"]),
        "transcript": (True, shown["transcript"]["statement"]),
    }
    assert {(event.how, event.recorded_by, event.language) for event in events} == {("room", None, "en")}


def test_each_analysis_can_be_left_out_and_others_see_it_only_after_a_yes(room, candidate, host):
    body = {"recording": True, "analysis": True, "transcript": False, "sharing": True, "without": ["voice"]}
    assert candidate.put("agreements/", body).status_code == 200
    given = {key: event.given for key, event in room.interview.consent_events.latest_by_purpose().items()}
    assert {key for key, is_given in given.items() if is_given} == {"recording", "face", "eyes", "sharing"}
    assert candidate.get().json()["agreements"]["voice"]["given"] is False
    assert host.get().json()["agreements"]["analysis"] is True
    nothing = {**body, "without": ["face", "eyes", "voice"]}
    assert "Choose what may be analysed" in candidate.put("agreements/", nothing).json()["analysis"][0]


def test_yes_no_yes_leaves_three_answers_and_the_last_stands(room, candidate, host):
    for transcript in (True, False, True, True):
        candidate.agree(recording=True, analysis=True, transcript=transcript)
    events = room.interview.consent_events.filter(purpose="transcript")
    assert [event.given for event in events] == [True, False, True]
    assert host.get().json()["agreements"]["transcript"] is True
    with pytest.raises(TypeError):
        events.update(given=True)
    with pytest.raises(TypeError):
        events[1].delete()


def test_analysis_is_made_from_a_recording(room, candidate):
    answer = candidate.agree(recording=False, analysis=True, transcript=False)
    assert answer.status_code == 400
    assert "take part without analysis" in answer.json()["analysis"][0]
    assert not room.interview.consent_events.exists()


def test_a_transcript_is_made_from_a_recording_and_needs_no_analysis(room, candidate):
    answer = candidate.agree(recording=False, analysis=False, transcript=True)
    assert answer.status_code == 400
    assert list(answer.json()) == ["transcript"]
    assert "take part without a transcript" in answer.json()["transcript"][0]
    assert not room.interview.consent_events.exists()
    assert candidate.agree(recording=True, analysis=False, transcript=True).status_code == 200


def test_the_last_answer_stands_until_the_end(room, alice, host, candidate):
    candidate.agree(recording=False, analysis=False, transcript=False)
    candidate.agree()
    everything = {"recording": True, "analysis": True, "transcript": True}
    assert host.get().json()["agreements"] == everything
    services.room_end(room=room, by=alice)
    answer = candidate.agree(recording=False, analysis=False, transcript=False)
    assert (answer.status_code, answer.json()["code"]) == (409, "room_ended")
    assert host.get().json()["agreements"] == everything


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"recording": True},
        {"recording": True, "analysis": True},
        {"recording": "perhaps", "analysis": True, "transcript": True},
    ],
)
def test_every_purpose_is_answered(room, candidate, body):
    assert candidate.put("agreements/", body).status_code == 400
    assert not room.interview.consent_events.exists()


def test_without_an_agreement_nothing_of_a_recording_is_accepted(room, alice, candidate):
    services.room_open(room=room, by=alice)
    assert candidate.begin().json()["code"] == "not_agreed"
    candidate.agree(recording=False, analysis=False, transcript=False)
    assert candidate.begin().json()["code"] == "not_agreed"
    assert not room.takes.exists()


def test_an_agreement_that_is_taken_back_stops_the_recording(room, recorded):
    recorded.begin()
    recorded.send(1, 0, b"before")
    recorded.agree(recording=False, analysis=False, transcript=False)
    answer = recorded.send(1, 1, b"after")
    assert (answer.status_code, answer.json()["code"]) == (409, "erased")


def test_what_was_recorded_is_erased_at_once_when_the_recording_is_taken_back(
    room, recorded, host, django_capture_on_commit_callbacks
):
    recorded.begin()
    recorded.send(1, 0, b"before")
    part = Chunk.objects.get().path
    room.journal.write_text("[]")
    with django_capture_on_commit_callbacks(execute=True):
        recorded.agree(recording=False, analysis=False, transcript=False)
    assert not part.exists()
    assert not room.journal.exists()
    assert not Chunk.objects.exists()
    assert AuditEntry.objects.filter(details__recorded="1 parts erased").exists()

    recorded.agree()
    answer = recorded.send(1, 0, b"before")
    assert (answer.status_code, answer.json()["code"]) == (409, "erased"), "what was still on its way"
    assert recorded.begin(STARTED_MS + 60_000).json()["number"] == 2
    assert recorded.send(2, 0, b"after").status_code == 200


def test_what_was_recorded_can_be_kept_and_nothing_more_is_recorded(room, alice, recorded, host):
    recorded.begin()
    recorded.send(1, 0, b"before")
    words = recorded.get().json()["kept_statement"]
    body = {"recording": False, "analysis": False, "transcript": False, "recorded": "keep"}
    shown = recorded.put("agreements/", body).json()["agreements"]
    assert shown["recording"]["given"] is False, "from now on"
    assert host.get().json()["agreements"] == {"recording": False, "analysis": False, "transcript": False}
    standing = room.interview.consent_events.latest_by_purpose()
    assert (standing["recording"].given, standing["recording"].statement) == (True, words)
    assert not standing["face"].given
    assert recorded.send(1, 1, b"the last second").status_code == 200, "recorded before"
    answer = recorded.begin(STARTED_MS + 60_000)
    assert (answer.status_code, answer.json()["code"]) == (409, "stopped")

    stopped_at = Room.objects.get().recording_stopped_at
    services.room_end(room=room, by=alice)
    room.refresh_from_db()
    assert storing._end_s(room) == pytest.approx(room.clock_s(stopped_at) + storing.UNHEARD_S)


def test_who_agrees_again_is_recorded_again(room, recorded):
    recorded.begin()
    recorded.send(1, 0, b"before")
    body = {"recording": False, "analysis": False, "transcript": False, "recorded": "keep"}
    recorded.put("agreements/", body)
    assert recorded.agree().json()["agreements"]["recording"]["given"] is True
    assert recorded.begin(STARTED_MS + 60_000).status_code == 201
    assert Room.objects.get().recording_stopped_at is None
    assert Chunk.objects.count() == 1
