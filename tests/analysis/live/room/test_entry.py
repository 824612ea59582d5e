"""Who may open a socket, what the first message must be, and what becomes of whoever may no longer be there."""

import uuid

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session as StoredSession
from django.utils import timezone

from analysis.live import protocol, wire
from analysis.live.clock import now_ms
from analysis.live.room import connection
from interviews.room_channel import room_group
from interviews.services.rooms import invitation_revoke, room_end

pytestmark = pytest.mark.usefixtures("fake_pool")

JPEG = b"\xff\xd8 a picture"


@sync_to_async
def session_of(user):
    from tests.analysis.live.conftest import _session_of

    return _session_of(user)


async def changed(room):
    from channels.layers import get_channel_layer

    await get_channel_layer().group_send(room_group(room.pk), {"type": "room.changed", "what": "room"})


async def test_nobody_enters_without_a_session(knock):
    for side in ("candidate", "recruiter"):
        accepted, _ = await (await knock(side)).connect()
        assert not accepted


async def test_another_organizations_recruiter_is_refused(knock, bob):
    accepted, _ = await (await knock("recruiter", await session_of(bob))).connect()
    assert not accepted


async def test_a_foreign_page_is_refused(knock, candidate_session):
    accepted, _ = await (await knock("candidate", candidate_session, origin="http://evil.example")).connect()
    assert not accepted


async def test_an_invitation_opens_its_own_room_only(knock, candidate_session):
    accepted, _ = await (await knock("candidate", candidate_session, room_id=uuid.uuid4())).connect()
    assert not accepted


async def test_a_recruiters_login_is_no_invitation(knock, alice):
    accepted, _ = await (await knock("candidate", await session_of(alice))).connect()
    assert not accepted


async def test_everybody_is_welcomed_with_what_their_page_needs(join, alice, carol, room):
    host, observer, candidate = await join(alice), await join(carol), await join()
    assert (host.welcome["role"], observer.welcome["role"]) == ("host", "observer")
    assert candidate.welcome["limits"]["max_in_flight"] == 2
    assert candidate.welcome["state"]["agreements"] == {"recording": True, "analysis": True, "transcript": True}
    assert candidate.welcome["state"]["room"]["status"] == "live"
    assert abs(candidate.welcome["server_ms"] - now_ms()) < 5000


@pytest.mark.parametrize(
    "first", ['{"type": "leave"}', '{"type": "stage", "stage": "call"}', "no json", '{"type": "signal"}']
)
async def test_the_first_message_is_hello(join, first):
    candidate = await join(hello=False)
    await candidate.communicator.send_to(text_data=first)
    assert await candidate.closed() == protocol.PROTOCOL_ERROR


async def test_media_before_hello_is_refused(join):
    candidate = await join(hello=False)
    await candidate.frame(JPEG)
    assert await candidate.closed() == protocol.PROTOCOL_ERROR


async def test_a_page_of_another_version_is_told_to_reload(join):
    candidate = await join(hello=False)
    await candidate.say("hello", protocol=2, tab="t", sent_ms=1)
    assert await candidate.closed() == protocol.PROTOCOL_ERROR


async def test_recruiters_send_no_frames(join, alice):
    host = await join(alice)
    await host.frame(JPEG)
    assert await host.closed() == protocol.PROTOCOL_ERROR


async def test_sequence_numbers_rise(join):
    candidate = await join()
    await candidate.frame(JPEG)
    candidate.frames = 0
    await candidate.frame(JPEG)
    assert await candidate.closed() == protocol.PROTOCOL_ERROR


async def test_a_frame_that_is_too_large_closes_with_its_own_code(join):
    candidate = await join()
    media = wire.Media(protocol.FRAME, 1, now_ms(), 0, bytes(protocol.FRAME_BYTES + 1))
    await candidate.communicator.send_to(bytes_data=wire.media_pack(media))
    assert await candidate.closed() == protocol.TOO_LARGE


async def test_who_sends_too_fast_is_closed(join, monkeypatch):
    monkeypatch.setattr(connection, "TEXTS_PER_S", 0)  # however slowly this machine takes them in
    candidate = await join()
    for _ in range(connection.TEXTS_AT_ONCE + 10):
        await candidate.communicator.send_to(text_data='{"type":"stage","stage":"check"}')
    assert await candidate.closed(10) == protocol.TOO_FAST


async def test_who_logs_out_is_out(join, alice, room, monkeypatch):
    host = await join(alice)
    await sync_to_async(StoredSession.objects.all().delete)()
    await changed(room)
    assert await host.closed() == protocol.NOT_ALLOWED


async def test_permission_is_asked_again_by_itself(join, alice, monkeypatch):
    host = await join(alice)
    monkeypatch.setattr(connection, "RECHECKED_S", 0.0)
    await sync_to_async(alice.memberships.all().delete)()
    assert await host.closed() == protocol.NOT_ALLOWED


async def test_a_withdrawn_invitation_ends_the_connection(join, room):
    candidate = await join()
    await sync_to_async(room.invitations.update)(revoked_at=timezone.now())
    await changed(room)
    assert await candidate.closed() == protocol.NOT_ALLOWED


async def test_a_deleted_room_says_so(join, alice, room):
    host = await join(alice)
    await sync_to_async(type(room).objects.filter(pk=room.pk).delete)()  # the object keeps its pk
    await changed(room)
    assert await host.closed() == protocol.NO_ROOM


async def test_the_end_of_the_interview_reaches_everybody(join, alice, room, monkeypatch):
    monkeypatch.setattr("interviews.services.rooms.lifecycle.room_store_publish", lambda **_: None)
    host, candidate = await join(alice), await join()
    await sync_to_async(room_end)(room=room, by=alice)
    assert await candidate.closed() == protocol.ENDED
    assert "Thank you" in next(m["sentence"] for m in candidate.seen if m["type"] == "ended")
    assert await host.closed() == protocol.ENDED


async def test_a_room_that_has_ended_says_so_after_hello(join, room):
    room.status = "ended"
    await sync_to_async(room.save)()
    candidate = await join(hello=False)
    await candidate.say("hello", protocol=protocol.VERSION, tab="t", sent_ms=now_ms())
    assert await candidate.closed() == protocol.ENDED


async def test_silence_is_ended(join, monkeypatch):
    monkeypatch.setitem(connection.protocol.__dict__, "IDLE_MS", 100)
    candidate = await join(hello=False)
    await candidate.say("hello", protocol=protocol.VERSION, tab="t", sent_ms=now_ms())
    assert await candidate.closed() == protocol.IDLE


async def test_who_never_says_hello_is_ended(join, monkeypatch):
    monkeypatch.setattr(connection, "HELLO_S", 0.1)
    candidate = await join(hello=False)
    assert await candidate.closed() == protocol.PROTOCOL_ERROR


async def test_signs_of_life_are_noted(join, alice, room):
    candidate, host = await join(), await join(alice)
    for _ in range(50):
        await sync_to_async(room.refresh_from_db)()
        if room.candidate_seen_at and room.host_seen_at:
            break
        await candidate.say("ping", sent_ms=now_ms())
        await candidate.hear("pong")
        await host.say("ping", sent_ms=now_ms())
        await host.hear("pong", timeout_s=5)
        import asyncio

        await asyncio.sleep(0.1)
    assert room.candidate_seen_at
    assert room.host_seen_at


async def test_a_ping_before_hello_is_refused(join):
    candidate = await join(hello=False)
    await candidate.say("ping", sent_ms=1)
    assert await candidate.closed() == protocol.PROTOCOL_ERROR


async def test_one_browser_opens_eight_sockets_into_a_room_and_no_more(knock, alice):
    key = await session_of(alice)
    for number in range(connection.SOCKETS_OF_A_BROWSER + 1):
        last = await knock("recruiter", key)
        accepted, _ = await last.connect()
        assert accepted is (number < connection.SOCKETS_OF_A_BROWSER)
    assert connection.PLACES.take({"another": 1})
    connection.PLACES.leave(["another"])


async def test_a_withdrawn_invitation_ends_the_socket_at_once(join, room):
    candidate = await join()
    await sync_to_async(invitation_revoke)(room=room, by=room.host)
    assert await candidate.closed(timeout_s=5) == protocol.NOT_ALLOWED
