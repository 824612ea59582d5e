"""Media in an object store: sent by Candor, range by range, to whoever may have them at that moment, and never by an
address of the store. Requests are signed and built by boto3, and answered here instead of by a network."""

import io
import re

import pytest
from asgiref.sync import sync_to_async
from botocore.awsrequest import AWSResponse
from django.db import connections
from django.test import AsyncClient

from interviews.models import Recording
from interviews.object_store import BLOCK_BYTES, ObjectStore

CONTENT = bytes(range(251)) * 12000  # three blocks
NAME = "recordings/talk.mp4"


class Sent(io.BytesIO):
    def stream(self, amount=65536, **options):
        while block := self.read(amount):
            yield block


@pytest.fixture
def ranges():
    """What the store was asked for."""
    return []


@pytest.fixture
def store(ranges):
    def answer(request, **_):
        headers = {"Content-Length": str(len(CONTENT)), "ETag": '"1"'}
        if not request.url.endswith(NAME):
            return AWSResponse(request.url, 404, {}, Sent(b""))
        if request.method == "HEAD":
            return AWSResponse(request.url, 200, headers, Sent(b""))
        asked = request.headers["Range"]
        ranges.append(asked.decode() if isinstance(asked, bytes) else asked)
        first, last = map(int, re.fullmatch(r"bytes=(\d+)-(\d+)", ranges[-1]).groups())
        part = CONTENT[first : last + 1]
        return AWSResponse(request.url, 206, headers | {"Content-Length": str(len(part))}, Sent(part))

    class Store(ObjectStore):
        def _create_session(self):
            session = super()._create_session()
            session.events.register("before-send.s3", answer)
            return session

    return Store(
        bucket_name="candor",
        endpoint_url="https://store.example",
        region_name="eu",
        access_key="somebody",
        secret_key="secret",
    )


@pytest.fixture
def recording(transactional_db, alice, make_interview, store, monkeypatch):
    recording = make_interview(alice).recordings.get()
    Recording.objects.update(file=NAME)
    monkeypatch.setattr(Recording._meta.get_field("file"), "storage", store)
    return recording


async def watch(client, recording, **headers):
    response = await client.get(f"/media/recordings/{recording.pk}/", headers=headers)
    body = b"".join([block async for block in response]) if response.streaming else response.content
    await sync_to_async(connections.close_all)()
    return response, body


async def test_a_range_comes_from_candor_and_after_logging_out_nothing_does(recording, alice, ranges):
    client = AsyncClient()
    await client.aforce_login(alice)
    response, body = await watch(client, recording, range="bytes=1000-1099")
    assert (response.status_code, response["Content-Range"]) == (206, f"bytes 1000-1099/{len(CONTENT)}")
    assert body == CONTENT[1000:1100]
    assert response["Cache-Control"] == "private, no-store"
    assert "store.example" not in str(response.headers), "a page has no address that outlives the session"
    assert len(ranges) == 1
    await client.alogout()
    response, body = await watch(client, recording, range="bytes=1000-1099")
    assert (response.status_code, body, len(ranges)) == (302, b"", 1)
    assert response["Location"].startswith("/login/")


async def test_whoever_loses_access_while_playing_gets_no_further_range(recording, alice):
    client = AsyncClient()
    await client.aforce_login(alice)
    assert (await watch(client, recording, range="bytes=0-9"))[0].status_code == 206
    await sync_to_async(alice.memberships.all().delete)()
    assert (await watch(client, recording, range="bytes=10-19"))[0].status_code == 404


def test_no_address_of_the_store_can_be_made(store):
    with pytest.raises(NotImplementedError, match="given away"):
        store.url(NAME)


def test_a_file_is_read_block_by_block_and_can_be_opened_again(store, ranges):
    file = store.open(NAME)
    assert file.size == len(CONTENT)
    assert file.read(10) == CONTENT[:10]
    assert ranges == [f"bytes=0-{BLOCK_BYTES - 1}"]
    file.close()
    assert b"".join(file.open().chunks()) == CONTENT
    file.seek(-5, io.SEEK_END)
    assert (file.read(), file.read()) == (CONTENT[-5:], b"")


def test_what_is_read_at_once_is_one_request(store, ranges):
    assert store.open(NAME).read(2 * BLOCK_BYTES) == CONTENT[: 2 * BLOCK_BYTES]
    assert ranges == [f"bytes=0-{2 * BLOCK_BYTES - 1}"]


def test_a_missing_file_is_missing(store):
    with pytest.raises(FileNotFoundError):
        store.open("recordings/another.mp4")


def test_the_store_answers_or_the_request_ends(store):
    assert store.connection.meta.client.meta.config.read_timeout <= 30
