"""Real worker processes: killed, hanging, fed with rubbish."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from analysis.live.clock import now_ms
from analysis.live.engine import pipes
from analysis.live.engine import pool as pool_module
from analysis.live.engine.pool import Pool
from analysis.live.engine.worker_process import WorkerLost
from analysis.readings.journal import lines
from analysis.readings.journal_file import JournalFile
from ml.modalities import EYE_GAZE


def work(*, keep: bool = True, hints: bool = False) -> pipes.Head:
    return {"keep": keep, "hints": hints, "gaze": False, "audio": [], "frame": {"at_ms": now_ms()}}


@pytest.fixture
def journal(settings) -> Path:
    return settings.MEDIA_ROOT / "live" / "room" / "readings.jsonl"


async def test_a_killed_worker_is_replaced_and_the_journal_goes_on(pool: Pool, jpeg, journal: Path):
    session, other = await pool.open(journal=JournalFile(journal)), await pool.open(journal=None)
    gaze = []
    for _ in range(8):
        answer = await session.work(work(), jpeg())
        gaze.append(answer["frame"]["reads"][EYE_GAZE])
        await asyncio.sleep(0.15)
    assert any(reading["available"] for reading in gaze), gaze  # after 2 s, on a busy machine, it is a still picture
    before = len(list(lines(journal.read_text())))
    waiting = asyncio.create_task(other.work(work(keep=False), jpeg()))
    os.kill(session.pid, signal.SIGKILL)
    with pytest.raises(WorkerLost):
        await asyncio.gather(waiting, *(session.work(work(), jpeg()) for _ in range(3)))
    await asyncio.gather(session.close(), other.close())
    again = await pool.open(journal=JournalFile(journal))
    assert again.pid != session.pid
    answer = await again.work(work(), jpeg())
    assert answer["metrics"]["distributions"][EYE_GAZE]["counts"]["center"] == len(
        [line for line in lines(journal.read_text()) if line[0] == EYE_GAZE]
    )
    assert len(list(lines(journal.read_text()))) >= before > 0


async def hung(pool: Pool, jpeg):
    """A session whose worker stopped answering, and was closed."""
    session = await pool.open(journal=None)
    os.kill(session.pid, signal.SIGSTOP)
    with pytest.raises(WorkerLost, match="hangs"):
        await session.work(work(keep=False), jpeg())
    await session.close()
    return session


async def test_a_hanging_worker_is_killed(pool: Pool, jpeg, monkeypatch):
    monkeypatch.setattr(pool_module, "ANSWER_S", 0.5)
    session = await hung(pool, jpeg)
    assert (await pool.open(journal=None)).pid != session.pid


async def test_after_a_worker_that_hung_the_next_may_take_longer(pool: Pool, jpeg, monkeypatch):
    monkeypatch.setattr(pool_module, "ANSWER_S", 2.0)  # and the next worker 4 s: time enough on a busy machine
    await hung(pool, jpeg)
    again = await pool.open(journal=None)
    working = asyncio.create_task(again.work(work(keep=False), jpeg()))
    os.kill(again.pid, signal.SIGSTOP)
    await asyncio.sleep(2.2)
    os.kill(again.pid, signal.SIGCONT)
    assert (await working)["frame"]["faces"] == 1


async def test_rubbish_is_an_answer_and_takes_nobody_down(pool: Pool, jpeg):
    session = await pool.open(journal=None)
    bomb = b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03" + bytes(40)
    for picture in (b"no picture", b"\xff\xd8", bomb, jpeg()[:2000]):
        answer = await session.work(work(keep=False), picture)
        assert answer.get("error", ".").endswith(".")
    answer = await session.work(work(keep=False, hints=True), jpeg())
    assert answer["frame"]["faces"] == 1
    assert answer["frame"]["hints"]["sentence"]


async def test_sessions_spread_over_the_workers_and_the_end_of_the_pool_ends_them():
    pool = Pool(2)
    sessions = [await pool.open(journal=None) for _ in range(4)]
    pids = [session.pid for session in sessions]
    assert sorted(pids.count(pid) for pid in set(pids)) == [2, 2]
    await pool.close()
    for pid in set(pids):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
