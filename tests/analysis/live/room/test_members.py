"""What the people in a room hear of each other: presence, signals, media, takeover, the fallback picture."""

import pytest
from asgiref.sync import sync_to_async
from django.core.cache import cache

from analysis.live import protocol
from analysis.live.clock import now_ms
from interviews.room_channel import room_group
from interviews.room_pictures import picture_of
from interviews.services.rooms import invitation_revoke
from tests.factories.consent import agree

pytestmark = pytest.mark.usefixtures("fake_pool")

JPEG = b"\xff\xd8 a picture"
MEDIA = {"camera": True, "microphone": True, "recording": True, "analysis_paused": False, "visible": True}


async def announce(room, what):
    from channels.layers import get_channel_layer

    await get_channel_layer().group_send(room_group(room.pk), {"type": "room.changed", "what": what})


async def test_everybody_learns_who_is_there_and_who_left(join, alice, carol):
    host = await join(alice)
    candidate = await join()
    here = (await host.hear("presence"))["presence"]
    assert here["candidate"]["name"] == "Dana Diaz"
    assert (await candidate.hear("presence"))["presence"]["host"]["name"] == alice.full_name
    observer = await join(carol)
    assert (await candidate.hear("presence"))["presence"]["observers"][0]["name"] == carol.full_name
    await host.close()
    assert (await candidate.hear("presence"))["presence"]["host"] is None
    seen = await observer.hear("presence")
    while seen["presence"]["candidate"] is None or seen["presence"]["host"] is not None:
        seen = await observer.hear("presence")


async def test_signals_go_to_one_participant_and_say_from_whom(join, alice):
    host, candidate = await join(alice), await join()
    await host.hear("presence")
    await candidate.hear("presence")
    offer = {"description": {"type": "offer", "sdp": "v=0"}}
    await host.say("signal", to=candidate.welcome["participant"], data=offer)
    signal = await candidate.hear("signal")
    assert (signal["from"], signal["data"]) == (host.welcome["participant"], offer)
    await candidate.say("signal", to=signal["from"], data={"candidate": None})
    assert (await host.hear("signal"))["from"] == candidate.welcome["participant"]


async def test_a_signal_to_nobody_is_answered_and_the_connection_goes_on(join, alice):
    host = await join(alice)
    await host.say("signal", to="somebody who left", data={})
    assert (await host.hear("error"))["code"] == "nobody_there"
    await host.say("ping", sent_ms=now_ms())
    await host.hear("pong")


async def test_the_newer_tab_takes_over(join, fake_pool):
    older = await join(tab="one")
    await older.say("stage", stage="call")
    newer = await join(tab="two")
    assert await older.closed() == protocol.TAKEN_OVER
    assert "another tab" in next(m["sentence"] for m in older.seen if m["type"] == "taken_over")
    await newer.say("stage", stage="call")
    sequence = await newer.frame(JPEG)
    await newer.hear("frame_ack", sequence=sequence, analysed=True)
    await older.close()
    assert len(fake_pool.sessions) <= 1


async def test_recruiters_see_what_the_candidate_has_switched_off(join, alice):
    host, candidate = await join(alice), await join()
    await candidate.say("media", media={**MEDIA, "microphone": False})
    while (message := await host.hear("candidate"))["candidate"].get("media") is None:
        pass
    assert message["candidate"]["media"]["microphone"] is False


async def test_who_comes_later_is_told_how_things_are(join, alice):
    candidate = await join()
    await candidate.say("media", media=MEDIA)
    await candidate.say("stage", stage="call")
    await candidate.say("ping", sent_ms=now_ms())
    await candidate.hear("pong")
    host = await join(alice)
    told = (await host.hear("candidate"))["candidate"]
    assert (told["stage"], told["media"]) == ("call", MEDIA)
    assert (await host.hear("analysis"))["analysis"]["state"] in ("starting", "on")


async def test_changed_questions_and_notes_are_to_be_fetched_again(join, alice, room):
    host = await join(alice)
    for what in ("questions", "prepared_questions", "notes"):
        await announce(room, what)
        await host.hear("changed", what=what)


async def test_a_new_status_reaches_both(join, alice, room):
    host, candidate = await join(alice), await join()
    room.blind = True
    await sync_to_async(room.save)()
    await announce(room, "room")
    assert (await host.hear("room"))["room"]["blind"] is True
    assert (await candidate.hear("room"))["room"]["blind"] is True


async def test_a_calibration_reaches_candidate_recruiter_and_worker(join, alice, room, fake_pool):
    from interviews.models import GazeCalibration

    host, candidate = await join(alice), await join()
    await candidate.say("stage", stage="call")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack")
    await sync_to_async(GazeCalibration.objects.create)(
        room=room, parameters={"features": 1}, error_degrees=2.6, points=9
    )
    await announce(room, "calibration")
    assert (await candidate.hear("calibration"))["calibration"] == {"calibrated": True, "error_degrees": 2.6}
    while not (await host.hear("candidate"))["candidate"]["calibration"]["calibrated"]:
        pass
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack")
    assert {"calibration": {"features": 1}} in fake_pool.settings


async def test_the_newest_frame_is_kept_while_a_recruiter_wants_it(join, alice, room):
    host, candidate = await join(alice), await join()
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack")
    assert picture_of(room.pk) is None
    await host.say("picture", wanted=True)
    await host.say("signal", to=candidate.welcome["participant"], data={})
    await candidate.hear("signal")  # and with it the picture request before it
    sequence = await candidate.frame(JPEG + b"?")
    await candidate.hear("frame_ack", sequence=sequence)
    assert picture_of(room.pk) is None, "nobody sees the candidate before the call"
    await candidate.say("stage", stage="call")
    await candidate.hear("analysis")
    sequence = await candidate.frame(JPEG + b"!")
    await candidate.hear("frame_ack", sequence=sequence)
    assert picture_of(room.pk) == JPEG + b"!"
    assert not [key for key in cache._cache if "frame" in key], "never in the cache, which Redis writes to its disk"
    await candidate.say("media", media={**MEDIA, "analysis_paused": True})
    while (await candidate.hear("analysis"))["analysis"]["state"] != "paused":
        pass
    assert picture_of(room.pk) is None
    sequence = await candidate.frame(JPEG + b".")
    await candidate.hear("frame_ack", sequence=sequence)
    assert picture_of(room.pk) is None, "not while paused"


async def test_without_a_yes_to_the_recording_no_picture_is_kept(join, alice, room):
    await sync_to_async(agree)(room.interview, "recording", given=False)
    host, candidate = await join(alice), await join()
    await candidate.say("stage", stage="call")
    await host.say("picture", wanted=True)
    await host.say("signal", to=candidate.welcome["participant"], data={})
    await candidate.hear("signal")
    sequence = await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=sequence)
    assert picture_of(room.pk) is None


async def test_leaving_says_goodbye(join, alice):
    host, candidate = await join(alice), await join()
    await host.hear("presence")
    await candidate.say("leave")
    assert await candidate.closed() == 1000
    await candidate.close()
    assert (await host.hear("presence"))["presence"].get("candidate") is None


async def test_recruiters_are_told_that_the_candidate_is_removed_and_end_the_call(join, alice, room):
    host, candidate = await join(alice), await join()
    await sync_to_async(invitation_revoke)(room=room, by=alice)
    await host.hear("candidate_removed")
    assert await candidate.closed() == protocol.NOT_ALLOWED
