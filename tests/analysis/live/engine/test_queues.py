"""What stands between a socket and a worker: mailbox, rate limit, places, outbox, roster."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.live.engine.admission import Admission
from analysis.live.engine.mailbox import AUDIO_AT_ONCE, LONGEST_WAIT, Mailbox
from analysis.live.protocol import AUDIO, FRAME
from analysis.live.room.limits import RateLimit
from analysis.live.room.presence import CANDIDATE, FADED_S, HOST, OBSERVER, Member, Roster
from analysis.live.room.send_queue import MOST_WAITING, Outbox
from analysis.live.wire import Media


def frame(sequence: int) -> Media:
    return Media(FRAME, sequence, 0.0, 0, b"j")


def chunk(sequence: int) -> Media:
    return Media(AUDIO, sequence, 0.0, 16_000, b"ss")


def test_the_newest_frame_wins_and_the_older_is_told():
    mailbox = Mailbox()
    assert mailbox.put_frame(frame(1)) is None
    assert mailbox.put_frame(frame(2)).sequence == 1
    assert mailbox.take().frame.sequence == 2
    assert mailbox.take().frame is None


@given(gaps=st.lists(st.integers(0, 5), max_size=30), count=st.integers(1, 300))
def test_no_chunk_of_sound_is_lost_silently(gaps: list[int], count: int):
    mailbox, sequence = Mailbox(), 0
    for number in range(count):
        sequence += 1 + (gaps[number % len(gaps)] if gaps else 0)
        mailbox.put_audio(chunk(sequence))
    first = 1 + (gaps[0] if gaps else 0)
    taken = mailbox.take().audio
    assert len(taken) == min(count, LONGEST_WAIT)
    assert taken[-1].sequence == sequence
    assert len(taken) + mailbox.lost == sequence - first + 1


async def test_waiting_ends_with_a_frame_or_with_enough_sound():
    mailbox = Mailbox()
    waiting = asyncio.ensure_future(mailbox.wait())
    for number in range(AUDIO_AT_ONCE - 1):
        mailbox.put_audio(chunk(number + 1))
    await asyncio.sleep(0)
    assert not waiting.done()
    mailbox.put_frame(frame(1))
    await waiting
    work = mailbox.take()
    assert work.frame is not None
    assert len(work.audio) == AUDIO_AT_ONCE - 1


def test_a_rate_limit_allows_a_burst_and_then_the_rate():
    now = [0.0]
    limit = RateLimit(per_s=2, burst=3, clock=lambda: now[0])
    assert [limit.take() for _ in range(4)] == [True, True, True, False]
    now[0] = 0.5
    assert [limit.take(), limit.take()] == [True, False]


def test_places_are_given_in_the_order_of_asking():
    admission, told = Admission(1), []
    assert admission.enter("a", lambda: told.append("a"))
    assert not admission.enter("b", lambda: told.append("b"))
    assert not admission.enter("c", lambda: told.append("c"))
    assert admission.enter("a", lambda: told.append("again"))
    admission.leave("b")
    admission.leave("a")
    assert told == ["c"]
    assert admission.enter("c", lambda: None)
    admission.leave("c")
    assert admission.enter("b", lambda: None)


async def test_a_slow_reader_gets_the_newest_reading_and_every_other_message():
    sent, gate = [], asyncio.Event()

    async def send(text: str) -> None:
        await gate.wait()
        sent.append(text)

    outbox = Outbox(send)
    running = asyncio.create_task(outbox.run())
    outbox.put("first")
    await asyncio.sleep(0)
    for number in range(5):
        outbox.put(f"reading {number}", slot="frame")
        outbox.put(f"message {number}")
    gate.set()
    await outbox.flush()
    running.cancel()
    assert sent == ["first", *(f"message {number}" for number in range(5)), "reading 4"]


async def test_somebody_who_reads_nothing_is_given_up():
    async def never(text: str) -> None:
        await asyncio.Event().wait()

    outbox = Outbox(never)
    running = asyncio.create_task(outbox.run())
    for number in range(MOST_WAITING + 2):
        outbox.put(f"{number}")
    await asyncio.sleep(0)
    outbox.put("more")
    outbox.put("and more")
    assert outbox.is_too_slow
    await outbox.flush(timeout_s=0.01)
    running.cancel()


def member(participant: str, role: str, since_ms: float = 0.0) -> Member:
    return Member(participant, role, participant.title(), f"channel-{participant}", since_ms)


def test_the_newest_connection_of_a_role_counts():
    roster = Roster()
    for number, (name, role) in enumerate([("ann", HOST), ("dan", CANDIDATE), ("eve", OBSERVER), ("new", CANDIDATE)]):
        assert roster.see(member(name, role, number), now_s=0)
    assert not roster.see(member("ann", HOST), now_s=1)
    presence = roster.presence()
    assert presence["host"] == {"participant": "ann", "name": "Ann"}
    assert presence["candidate"]["participant"] == "new"
    assert [one["participant"] for one in presence["observers"]] == ["eve"]
    assert roster.remove("new")
    assert roster.presence()["candidate"]["participant"] == "dan"
    assert not roster.remove("new")


def test_who_is_not_heard_of_fades():
    roster = Roster()
    roster.see(member("ann", HOST), now_s=0)
    roster.see(member("dan", CANDIDATE), now_s=FADED_S)
    assert roster.fade(FADED_S + 1, but="dan")
    assert roster.presence()["host"] is None
    assert not roster.fade(3 * FADED_S, but="dan")


@pytest.mark.parametrize("role", [HOST, CANDIDATE])
def test_an_empty_room_has_nobody(role: str):
    assert Roster().presence()[role] is None
