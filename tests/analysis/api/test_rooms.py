"""The state of a live room, and who may change it."""

from analysis.services import run_request
from tests.factories.consent import agree


def test_other_organizations_do_not_know_of_a_room(room, bob, client_of):
    browser = client_of(bob)
    assert browser.get(f"/rooms/{room.pk}/").status_code == 404
    for method, path in [
        ("get", ""),
        ("patch", ""),
        ("post", "invitation/"),
        ("delete", "invitation/"),
        ("post", "open/"),
        ("post", "end/"),
        ("post", "store/"),
        ("get", "prepared-questions/"),
        ("put", "prepared-questions/"),
        ("get", "questions/"),
        ("post", "questions/"),
        ("get", "notes/"),
        ("post", "notes/"),
        ("get", "frame/"),
    ]:
        assert getattr(browser, method)(f"/api/v1/rooms/{room.pk}/{path}").status_code == 404, (method, path)


def test_a_colleague_observes_and_only_the_host_controls(room, carol, client_of):
    browser = client_of(carol)
    assert browser.get(f"/api/v1/rooms/{room.pk}/").status_code == 200
    config = browser.get(f"/rooms/{room.pk}/").context["config"]
    assert config["role"] == "observer"
    assert not {"open", "end", "invitation", "store"} & set(config["api"])
    for method, path in [("patch", ""), ("post", "invitation/"), ("post", "open/"), ("post", "end/")]:
        assert getattr(browser, method)(f"/api/v1/rooms/{room.pk}/{path}").status_code == 403, (method, path)
    room.refresh_from_db()
    assert room.status == "waiting"


def test_the_state_tells_how_the_analysis_of_the_recording_stands(room, host, alice, make_interview):
    assert host.get().json()["run"] is None
    recording = make_interview(alice).recordings.get()
    recording.interview = room.interview
    recording.save()
    agree(room.interview, "recording", "face", "eyes", "voice")
    run = run_request(recording=recording, by=alice)
    answer = host.get().json()
    assert (answer["run"]["id"], answer["run"]["status"]) == (str(run.pk), "queued")
    assert answer["candidate_name"] == "Dana Diaz"
