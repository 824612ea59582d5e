"""The live room as recruiters see it: the host's page, and where its interview is shown."""

import pytest

from interviews.models import Room


def test_the_hosts_page_tells_its_scripts_where_everything_is(room, alice, client_of):
    page = client_of(alice).get(f"/rooms/{room.pk}/")
    config = page.context["config"]
    assert (config["role"], config["candidate_name"]) == ("host", "Dana Diaz")
    assert config["socket_url"] == f"/ws/rooms/{room.pk}/recruiter/"
    assert config["api"]["end"] == f"/api/v1/rooms/{room.pk}/end/"
    for data in ("room-config", "room-protocol"):
        assert f'<script id="{data}" type="application/json">' in page.content.decode()


def test_the_list_shows_live_rooms_and_leads_to_them(room, alice, client_of, django_assert_max_num_queries, make_room):
    browser = client_of(alice)
    page = browser.get("/interviews/").content.decode()
    assert "Waiting" in page
    assert f'href="/rooms/{room.pk}/"' in page
    for number in range(5):
        make_room(candidate_name=f"Candidate {number}")
    with django_assert_max_num_queries(18):
        browser.get("/interviews/")
    Room.objects.update(status="unrecorded")
    page = browser.get("/interviews/").content.decode()
    assert "Not recorded" in page
    assert f'href="/rooms/{room.pk}/"' not in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("waiting", "has not begun"),
        ("live", "under way"),
        ("ended", "being stored"),
        ("unrecorded", "was not recorded"),
        ("failed", "could not be stored"),
    ],
)
def test_the_interviews_page_says_how_its_room_stands(room, alice, client_of, status, words):
    Room.objects.filter(pk=room.pk).update(status=status, failure_reason="The reason.")
    page = client_of(alice).get(f"/interviews/{room.interview_id}/").content.decode()
    assert words in page
    assert ("The reason." in page) == (status in ("unrecorded", "failed"))
