"""How a recording is played: the state, the files over HTTP, and who gets them."""

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.db import connections
from django.test import AsyncClient
from django.urls import reverse

from analysis.models import Playback
from interviews.models import AuditEntry

OBSTACLE = "Browsers do not play avi files."
COPY = bytes(range(256)) * 64


@pytest.fixture
def recording(alice, make_interview):
    return make_interview(alice, browser_obstacle=OBSTACLE).recordings.get()


@pytest.fixture
def playback(recording):
    playback = Playback(recording=recording, status="succeeded", obstacle=OBSTACLE)
    playback.copy.save("playback/copy.mp4", ContentFile(COPY), save=False)
    playback.poster.save("playback/poster.jpg", ContentFile(b"\xff\xd8"), save=False)
    playback.save()
    return playback


def state_of(client, recording) -> dict:
    return client.get(reverse("api_playback", args=[recording.pk])).json()


def test_a_copy_is_played_in_place_of_the_original(client_of, alice, recording, playback):
    assert state_of(client_of(alice), recording) == {
        "state": "copy",
        "url": f"/media/playback/{playback.pk}/",
        "poster": f"/media/playback/{playback.pk}/poster.jpg",
        "obstacle": OBSTACLE,
        "reason": "",
        "progress": 0.0,
    }


def test_without_an_obstacle_the_original_is_played(client_of, alice, interview):
    recording = interview.recordings.get()
    state = state_of(client_of(alice), recording)
    assert (state["state"], state["url"]) == ("original", f"/media/recordings/{recording.pk}/")


@pytest.mark.parametrize(("status", "state"), [("queued", "preparing"), ("running", "preparing"), ("failed", "failed")])
def test_while_there_is_no_copy_nothing_is_played(client_of, alice, recording, status, state):
    Playback.objects.create(recording=recording, status=status, obstacle=OBSTACLE, progress=0.4, reason="Damaged.")
    shown = state_of(client_of(alice), recording)
    assert (shown["state"], shown["url"], shown["progress"]) == (state, "", 0.4)
    assert shown["reason"] == ("Damaged." if state == "failed" else "")


def test_a_copy_can_be_asked_for_once(client_of, alice, interview, recording, playback):
    client = client_of(alice)
    answer = client.post(reverse("api_playback", args=[interview.recordings.get().pk]))
    assert (answer.status_code, answer.json()["state"]) == (202, "preparing")
    answer = client.post(reverse("api_playback", args=[recording.pk]))
    assert (answer.status_code, answer.json()["code"]) == (409, "copied")


def test_another_organization_finds_nothing(client_of, bob, recording, playback):
    client = client_of(bob)
    for method, name, key in [
        ("get", "api_playback", recording.pk),
        ("post", "api_playback", recording.pk),
    ]:
        assert getattr(client, method)(reverse(name, args=[key])).status_code == 404


@pytest.fixture
def fetch():
    """``await fetch(alice, url, range="bytes=0-9")``: the response and its body."""

    async def get(user, url, **headers):
        client = AsyncClient()
        if user is not None:
            await client.aforce_login(user)
        response = await client.get(url, headers=headers)
        body = b"".join([block async for block in response]) if response.streaming else response.content
        await sync_to_async(connections.close_all)()  # those of the thread that looked the rows up
        return response, body

    return get


@pytest.mark.django_db(transaction=True)
async def test_the_copy_is_streamed_in_ranges(fetch, alice, playback):
    url = reverse("playback_copy", args=[playback.pk])
    response, body = await fetch(alice, url)
    assert (response.status_code, response["Content-Type"], body) == (200, "video/mp4", COPY)
    response, body = await fetch(alice, url, range="bytes=10-19")
    assert (response.status_code, body) == (206, COPY[10:20])


@pytest.mark.django_db(transaction=True)
async def test_the_poster_is_a_jpeg_and_a_look_at_the_person(fetch, alice, playback):
    response, body = await fetch(alice, reverse("playback_poster", args=[playback.pk]))
    assert (response.status_code, response["Content-Type"], body) == (200, "image/jpeg", b"\xff\xd8")
    again, _ = await fetch(alice, reverse("playback_poster", args=[playback.pk]), if_none_match=response["ETag"])
    assert again.status_code == 304
    assert await AuditEntry.objects.filter(action="frame_viewed").acount() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["playback_copy", "playback_poster"])
async def test_strangers_log_in_and_others_find_no_file(fetch, bob, playback, name):
    url = reverse(name, args=[playback.pk])
    assert (await fetch(None, url))[0].status_code == 302
    assert (await fetch(bob, url))[0].status_code == 404


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["playback_copy", "playback_poster"])
async def test_a_file_that_is_not_made_yet_is_missing(fetch, alice, recording, name):
    playback = await sync_to_async(Playback.objects.create)(recording=recording)
    assert (await fetch(alice, reverse(name, args=[playback.pk])))[0].status_code == 404
