"""What becomes of frames and sound: by stage, by agreement, under load, and when a worker is lost."""

import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from analysis.live import protocol
from analysis.live.clock import now_ms
from analysis.live.engine import answers, candidate_analysis
from analysis.live.engine.worker_process import WorkerLost
from interviews.room_channel import room_group
from interviews.services.holds import hold_set
from tests.factories.consent import agree

JPEG = b"\xff\xd8 a picture"
CHUNK = bytes(9600)
MEDIA = {"camera": True, "microphone": True, "recording": True, "analysis_paused": False, "visible": True}
METRICS = {"at_s": 5.0, "values": {}, "distributions": {}}


@pytest.fixture
async def in_call(fake_pool, join, alice):
    """A host and a candidate whose analysis is on."""
    host, candidate = await join(alice), await join()
    await candidate.say("stage", stage="call")
    sequence = await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=sequence, analysed=True)
    await host.hear("reading")
    return host, candidate


@pytest.fixture
def server_behind(monkeypatch):
    """``server_behind(300)``: from now on readings are told 300 ms late."""
    return lambda late_ms: monkeypatch.setattr(answers, "now_ms", lambda: now_ms() + late_ms)


async def announce(room):
    from channels.layers import get_channel_layer

    await get_channel_layer().group_send(room_group(room.pk), {"type": "room.changed", "what": "agreements"})


async def state(socket, word):
    while (message := (await socket.hear("analysis"))["analysis"])["state"] != word:
        pass
    return message


async def test_the_device_check_brings_hints_and_keeps_nothing(fake_pool, join, alice):
    host, candidate = await join(alice), await join()
    await candidate.frame(JPEG)
    assert (await candidate.hear("hints"))["framing"] == "good"
    assert fake_pool.works[-1][0]["keep"] is False
    await host.say("ping", sent_ms=now_ms())
    await host.hear("pong")
    assert not [m for m in host.seen if m["type"] == "reading"]


async def test_the_calibration_gets_its_samples(fake_pool, join):
    candidate = await join()
    await candidate.say("stage", stage="calibration")
    await candidate.frame(JPEG)
    gaze = await candidate.hear("gaze")
    assert (gaze["sequence"], gaze["iris"]) == (1, [0.1, 0.2])


async def test_a_reading_says_when_by_what_and_how_old(in_call, server_behind):
    host, candidate = in_call
    server_behind(300)
    sent_ms = now_ms()
    await candidate.frame(JPEG, captured_ms=sent_ms - 700)
    reading = await host.hear("reading")
    # Its pings may have been slow on the way, which moves its clock; the two together stay exact.
    assert sent_ms - 701 <= reading["captured_ms"] < sent_ms
    assert sent_ms + 299 <= reading["captured_ms"] + reading["age_ms"] <= now_ms() + 301
    assert reading["models"] == {"facial_expression": "paper-v1"}


@pytest.mark.parametrize("skew_ms", [-7_200_000.0, 86_400_000.0])
async def test_a_candidates_clock_that_is_hours_off_does_no_harm(fake_pool, join, alice, skew_ms):
    host, candidate = await join(alice), await join(clock_ms=skew_ms)
    candidate.pings.cancel()
    await candidate.say("stage", stage="call")
    await candidate.frame(JPEG, captured_ms=now_ms() + skew_ms)
    reading = await host.hear("reading")
    assert reading["age_ms"] < 2000
    assert abs(reading["captured_ms"] - now_ms()) < 5000


async def test_nothing_older_than_two_seconds_is_shown(in_call, server_behind):
    host, candidate = in_call
    server_behind(3000)
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames)
    server_behind(0)
    await candidate.frame(JPEG)
    assert (await host.hear("reading"))["sequence"] == candidate.frames


async def test_a_server_that_only_makes_old_readings_says_that_it_is_busy_and_recovers(in_call, server_behind):
    _, candidate = in_call
    server_behind(3000)
    for _ in range(answers.LATE_READINGS):
        await candidate.frame(JPEG)
        await candidate.hear("frame_ack", sequence=candidate.frames)
    assert (await state(candidate, "overloaded"))["fps"] == protocol.MIN_FPS
    server_behind(0)
    await candidate.frame(JPEG)
    await state(candidate, "on")


async def test_sound_is_heard_in_one_piece_and_holes_are_told(in_call, fake_pool):
    _, candidate = in_call
    begun_ms = now_ms() - 1000
    for number in range(3):
        await candidate.chunk(CHUNK, 48_000, captured_ms=begun_ms + 100 * number)
    assert (await candidate.hear("audio_ack"))["lost"] == 0
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames)
    pieces = [piece for head, _ in fake_pool.works for piece in head["audio"]]
    assert sum(piece["bytes"] for piece in pieces) == 3 * len(CHUNK)
    await candidate.chunk(CHUNK, 48_000, captured_ms=begun_ms + 500, skip=2)
    assert candidate.chunks == 6


async def test_speech_and_metrics_reach_the_recruiter(in_call, fake_pool):
    host, candidate = in_call
    window = [round(now_ms()) - 3000, round(now_ms())]
    read = {"available": True, "reason": "", "label": "calm", "confidence": 0.8, "probabilities": {"calm": 0.8}}
    fake_pool.extra = {"speech": [{**read, "window": window}], "metrics": METRICS}
    await candidate.frame(JPEG)
    while "speech_emotion" not in (reading := await host.hear("reading"))["modalities"]:
        pass
    assert reading["modalities"]["speech_emotion"]["window"] == window
    assert (await host.hear("metrics"))["metrics"] == METRICS


async def test_in_blind_mode_observers_see_readings_and_the_host_does_not(fake_pool, join, alice, carol, room):
    room.blind = True
    await sync_to_async(room.save)()
    host, observer, candidate = await join(alice), await join(carol), await join()
    fake_pool.extra = {"metrics": METRICS}
    await candidate.say("stage", stage="call")
    await candidate.frame(JPEG)
    await observer.hear("reading")
    await observer.hear("metrics")
    await host.say("ping", sent_ms=now_ms())
    await host.hear("pong")
    assert not [m for m in host.seen if m["type"] in ("reading", "metrics")]


async def test_a_paused_analysis_reads_nothing_and_goes_on_when_asked(in_call, fake_pool):
    host, candidate = in_call
    await candidate.say("media", media={**MEDIA, "analysis_paused": True})
    assert (await state(candidate, "paused"))["audio"] is False
    await state(host, "paused")
    read = len(fake_pool.works)
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=False)
    assert len(fake_pool.works) == read
    await candidate.say("media", media=MEDIA)
    await state(candidate, "on")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=True)


async def test_without_the_agreement_no_frame_reaches_a_worker(fake_pool, join, room):
    await sync_to_async(agree)(room.interview, "face", "eyes", "voice", given=False)
    candidate = await join()
    assert candidate.welcome["state"]["analysis"]["state"] == "off"
    await candidate.say("stage", stage="call")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", analysed=False)
    assert fake_pool.opened == fake_pool.works == []


async def test_what_was_read_is_discarded_when_the_agreement_is_taken_back(in_call, fake_pool, room):
    host, candidate = in_call
    await sync_to_async(agree)(room.interview, "face", "eyes", "voice", given=False)
    await announce(room)
    await state(host, "off")
    async with asyncio.timeout(10):
        while fake_pool.sessions:
            await asyncio.sleep(0)
    assert fake_pool.discarded == [{"erases": True}]
    await sync_to_async(agree)(room.interview, "face", "eyes", "voice")
    await announce(room)
    await state(candidate, "starting")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=True)
    assert len(fake_pool.opened) == 2, "a session that remembers nothing"


async def test_while_a_hold_stands_the_session_ends_and_its_journal_stays(in_call, fake_pool, room, alice):
    host, _ = in_call
    until = timezone.now() + timedelta(days=9)
    await sync_to_async(hold_set)(interview=room.interview, by=alice, reason="A lawsuit.", until=until)
    await sync_to_async(agree)(room.interview, "face", "eyes", "voice", given=False)
    await announce(room)
    await state(host, "off")
    async with asyncio.timeout(10):
        while fake_pool.sessions:
            await asyncio.sleep(0)
    assert fake_pool.discarded == [{"erases": False}]


async def test_an_agreement_that_is_given_later_counts_from_then_on(fake_pool, join, room):
    await sync_to_async(agree)(room.interview, "face", "eyes", "voice", given=False)
    candidate = await join()
    assert candidate.welcome["state"]["analysis"]["state"] == "off"
    await sync_to_async(agree)(room.interview, "face", "eyes", "voice")
    await announce(room)
    await state(candidate, "starting")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", analysed=True)


async def test_beyond_the_places_the_recording_goes_on_without_readings(fake_pool, join, settings, monkeypatch):
    from analysis.live.engine.admission import admission_here

    settings.LIVE_MAX_SESSIONS = 1
    other = object()
    assert admission_here().enter(other, lambda: None)
    candidate = await join()
    analysis = await state(candidate, "overloaded")
    assert analysis["fps"] == 0
    assert analysis["sentence"] == "Analysis is paused because the server is busy; the recording continues."
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", analysed=False)
    admission_here().leave(other)
    await state(candidate, "starting")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=True)


async def test_a_lost_worker_is_replaced_and_the_session_goes_on(in_call, fake_pool, monkeypatch):
    host, candidate = in_call
    monkeypatch.setattr(candidate_analysis, "REOPEN_S", 0.0)
    fake_pool.error = WorkerLost("killed")
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=False)
    await state(host, "interrupted")
    await candidate.frame(JPEG)
    await state(host, "on")
    sequence = await candidate.frame(JPEG)
    await host.hear("reading", sequence=sequence)
    assert len(fake_pool.opened) == 2
    assert len(fake_pool.sessions) == 1


async def test_a_frame_that_cannot_be_read_is_an_answer(in_call, fake_pool):
    _, candidate = in_call
    fake_pool.answer = lambda head: {"error": "A frame could not be decoded.", "speech": []}
    await candidate.frame(JPEG)
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=False)
    assert (await candidate.hear("error"))["code"] == "bad_frame"
    await candidate.say("ping", sent_ms=now_ms())
    await candidate.hear("pong")


async def test_a_busy_worker_keeps_nobody_waiting_and_reads_the_newest_frame(in_call, fake_pool):
    _, candidate = in_call
    fake_pool.hold = asyncio.Event()
    await candidate.frame(JPEG + b"first")
    async with asyncio.timeout(10):
        while fake_pool.works[-1][1] != JPEG + b"first":
            await asyncio.sleep(0)
    for number in range(5):
        await candidate.frame(JPEG + b"%d" % number)
    for sequence in range(candidate.frames - 4, candidate.frames):
        await candidate.hear("frame_ack", sequence=sequence, analysed=False)
    await candidate.say("ping", sent_ms=now_ms())
    await candidate.hear("pong")
    fake_pool.hold.set()
    await candidate.hear("frame_ack", sequence=candidate.frames, analysed=True)
    assert fake_pool.works[-1][1] == JPEG + b"4"


async def test_when_the_candidate_goes_the_worker_session_is_closed(in_call, fake_pool):
    _, candidate = in_call
    await candidate.close()
    assert fake_pool.sessions == []
