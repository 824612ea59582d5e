"""The mailbox between a socket and a worker: the newest frame, and sound whose losses are counted."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from analysis.live.engine.mailbox import AUDIO_AT_ONCE, LONGEST_WAIT, Mailbox
from analysis.live.protocol import AUDIO, FRAME
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
