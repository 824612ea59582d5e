"""Recordings over HTTP: ranges, conditions, and who may watch."""

from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient
from hypothesis import given
from hypothesis import strategies as st

from interviews.file_responses import BLOCK_BYTES, Unsatisfiable, range_of

CONTENT = bytes(range(256)) * 4096  # 1 MiB: several blocks


@pytest.fixture
def recording(transactional_db, alice, make_interview):
    return make_interview(alice, content=CONTENT).recordings.get()


@pytest.fixture
def url(recording):
    return f"/media/recordings/{recording.pk}/"


@pytest.fixture
def watch(url):
    """``await watch(alice, range="bytes=0-9")``: the response and its whole body."""

    async def get(user, method="get", **headers):
        response, blocks = await get_blocks(user, method, **headers)
        return response, b"".join(blocks)

    async def get_blocks(user, method="get", **headers):
        client = AsyncClient()
        if user is not None:
            await client.aforce_login(user)
        response = await getattr(client, method)(url, headers=headers)
        blocks = [block async for block in response] if response.streaming else [response.content]
        await sync_to_async(connections.close_all)()  # those of the thread that looked the rows up
        return response, blocks

    get.blocks = get_blocks
    return get


async def test_without_a_range_the_whole_file_comes(watch, alice, recording):
    response, body = await watch(alice)
    assert response.status_code == 200
    assert body == CONTENT
    assert response["Accept-Ranges"] == "bytes"
    assert response["Content-Length"] == str(len(CONTENT))
    assert response["Content-Type"] == "video/mp4"
    assert response["ETag"] == f'"{recording.sha256}"'


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=100-299999", 100, 299999),
        ("bytes=1000000-", 1000000, len(CONTENT) - 1),
        ("bytes=-10", len(CONTENT) - 10, len(CONTENT) - 1),
        ("bytes=0-999999999", 0, len(CONTENT) - 1),
        ("Bytes = 5-6", 5, 6),
    ],
)
async def test_a_range_is_answered_with_just_that_part(watch, alice, header, first, last):
    response, body = await watch(alice, range=header)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert response["Content-Length"] == str(last - first + 1)
    assert body == CONTENT[first : last + 1]


@pytest.mark.parametrize("header", ["bytes=1048576-", "bytes=2000000-3000000", "bytes=-0"])
async def test_a_range_outside_the_file_is_416_with_its_size(watch, alice, header):
    response, body = await watch(alice, range=header)
    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert body == b""


@pytest.mark.parametrize("header", ["items=0-5", "bytes=", "bytes=5-2", "bytes=a-b", "bytes=0-5,10-20", "bytes=-"])
async def test_a_range_that_is_not_understood_is_ignored(watch, alice, header):
    response, body = await watch(alice, range=header)
    assert response.status_code == 200
    assert body == CONTENT


async def test_if_range_gives_a_part_only_of_the_same_file(watch, alice, recording):
    same, _ = await watch(alice, range="bytes=0-9", **{"if-range": f'"{recording.sha256}"'})
    other, body = await watch(alice, range="bytes=0-9", **{"if-range": '"another"'})
    dated, _ = await watch(alice, range="bytes=0-9", **{"if-range": same["Last-Modified"]})
    assert (same.status_code, other.status_code, dated.status_code) == (206, 200, 206)
    assert body == CONTENT


async def test_head_describes_and_sends_nothing(watch, alice):
    response, body = await watch(alice, "head")
    assert response.status_code == 200
    assert response["Content-Length"] == str(len(CONTENT))
    assert body == b""


async def test_a_client_that_has_the_file_is_told_so(watch, alice, recording):
    response, body = await watch(alice, **{"if-none-match": f'"{recording.sha256}"'})
    assert (response.status_code, body) == (304, b"")


async def test_only_members_of_the_organization_watch(watch, alice, carol, bob):
    assert (await watch(carol))[0].status_code == 200
    assert (await watch(bob))[0].status_code == 404
    anonymous, _ = await watch(None)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/login/")


async def test_no_block_is_larger_than_the_limit(watch, alice):
    _, blocks = await watch.blocks(alice)
    assert {len(block) for block in blocks} == {BLOCK_BYTES}


async def test_a_missing_file_is_404(watch, alice, recording):
    Path(recording.file.path).unlink()
    assert (await watch(alice))[0].status_code == 404


async def test_a_proxy_in_front_takes_the_sending_over(watch, alice, recording, settings):
    settings.MEDIA_OFFLOAD_PREFIX = "/protected/"
    response, body = await watch(alice)
    assert response["X-Accel-Redirect"] == f"/protected/{recording.file.name}"
    assert body == b""


def test_a_number_of_thousands_of_digits_is_no_range():
    assert range_of(f"bytes={'9' * 5000}-", 100) is None


@given(
    header=st.one_of(st.text(max_size=40), st.from_regex(r"bytes=\d{0,25}-\d{0,25}", fullmatch=True)),
    size=st.integers(1, 10**12),
)
def test_any_header_gives_a_part_inside_the_file_or_none(header, size):
    try:
        part = range_of(header, size)
    except Unsatisfiable:
        return
    if part is not None:
        first, last = part
        assert 0 <= first <= last < size
