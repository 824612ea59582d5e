"""The send queue of one connection: what a slow reader gets, and when it is given up."""

import asyncio

from analysis.live.room.send_queue import MOST_WAITING, SendQueue


async def test_a_slow_reader_gets_the_newest_reading_and_every_other_message():
    sent, gate = [], asyncio.Event()

    async def send(text: str) -> None:
        await gate.wait()
        sent.append(text)

    send_queue = SendQueue(send)
    running = asyncio.create_task(send_queue.run())
    send_queue.put("first")
    await asyncio.sleep(0)
    for number in range(5):
        send_queue.put(f"reading {number}", topic="frame")
        send_queue.put(f"message {number}")
    gate.set()
    await send_queue.flush()
    running.cancel()
    assert sent == ["first", *(f"message {number}" for number in range(5)), "reading 4"]


async def test_somebody_who_reads_nothing_is_given_up():
    async def never(text: str) -> None:
        await asyncio.Event().wait()

    send_queue = SendQueue(never)
    running = asyncio.create_task(send_queue.run())
    for number in range(MOST_WAITING + 2):
        send_queue.put(f"{number}")
    await asyncio.sleep(0)
    send_queue.put("more")
    send_queue.put("and more")
    assert send_queue.is_too_slow
    await send_queue.flush(timeout_s=0.01)
    running.cancel()
