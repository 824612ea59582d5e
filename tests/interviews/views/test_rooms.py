"""Pages of the live room: setting one up, and the candidate's."""

from interviews.models import Room
from interviews.services import rooms as services


def test_the_candidates_page_tells_its_scripts_where_everything_is(room, candidate):
    page = candidate.client.get(f"/join/room/{room.pk}/")
    config = page.context["config"]
    assert (config["role"], config["interviewer_name"]) == ("candidate", "Alice Archer")
    assert config["api"]["takes"] == f"/api/v1/join/{room.pk}/takes/"
    assert "rooms/" not in "".join(config["api"].values())
    assert '<script id="room-protocol" type="application/json">' in page.content.decode()


def test_the_form_needs_a_login(client, db):
    assert client.get("/interviews/live/new/").status_code == 302


def test_the_form_asks_for_the_language_of_the_interview(alice, client_of):
    page = client_of(alice).get("/interviews/live/new/").content.decode()
    assert page.index('<option value="unknown">') < page.index('<option value="english">')
    assert "A transcript can be made of English only." in page


def test_after_the_end_the_candidates_page_stays_until_all_has_arrived(room, alice, candidate):
    services.room_open(room=room, by=alice)
    services.room_end(room=room, by=alice)
    path = f"/join/room/{room.pk}/"
    assert candidate.client.get(path).context["config"]["status"] == "ended"
    Room.objects.update(status="stored")
    page = candidate.client.get(path)
    assert (page.status_code, page["Location"]) == (302, f"/own/interview/{room.interview_id}/")
