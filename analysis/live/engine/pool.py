"""The worker processes of this web process: started when first needed, started again when they die or hang.

A session sits on the worker with the fewest sessions and stays there: its tracked face and its voice live in that
process. Sessions take turns: whoever has waited longest is next, and takes its newest frame along only then. When the
worker is lost, every call of its sessions raises :class:`WorkerLost`, and each opens a new seat.
"""

import asyncio
import itertools
import logging
import os
import sys
import time
import weakref
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from analysis.live.engine import pipes

logger = logging.getLogger(__name__)

START_S: Final = 60.0
"""Loading every network takes a second or two; a machine that is busy with an analysis may need much longer."""
ANSWER_S: Final = 15.0
"""A worker that owes an answer for so long hangs, and is killed. Those after it are given longer, up to
:data:`START_S`: where the machine is that busy, killing and loading anew would go on for ever."""
GOODBYE_S: Final = 5.0
MAX_BACKOFF_S: Final = 15.0
STEADY_S: Final = 60.0
"""A worker that lived so long was healthy: after its death the next starts at once."""
AT_ONCE: Final = 2
"""Moments that a worker has been given at most: the one it reads, and one so that it need not wait for the next."""
ROOT: Final = Path(__file__).resolve().parents[3]


class WorkerLost(Exception):
    """The process that held the session is gone; open another seat."""


class WorkerProcess:
    """One child process and what it still owes."""

    def __init__(self, process: asyncio.subprocess.Process, answer_s: float) -> None:
        self.answer_s = answer_s
        self.started_s = time.monotonic()
        self.turn = asyncio.Semaphore(AT_ONCE)
        self._process = process
        self._owed: dict[int, asyncio.Future[pipes.Head]] = {}
        self._ids = itertools.count(1)
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, answer_s: float) -> "WorkerProcess":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "analysis.live.engine.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "2"},
            start_new_session=True,  # Ctrl-C reaches the web process alone; the end of its pipe then ends the worker
        )
        return cls(process, answer_s)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return not self._reader.done()

    async def call(self, head: pipes.Head, body: bytes = b"", *, timeout_s: float | None = None) -> pipes.Head:
        """The answer; raises :class:`WorkerLost`, also when it takes too long, and then there is no worker any more."""
        if not self.is_alive:
            raise WorkerLost("the worker is gone")
        id_ = next(self._ids)
        owed = self._owed[id_] = asyncio.get_running_loop().create_future()
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(pipes.pack({**head, "id": id_}, body))
            async with asyncio.timeout(self.answer_s if timeout_s is None else timeout_s):
                await stream.drain()
                answer: dict[str, Any] = await owed
                return answer
        except TimeoutError:
            logger.error("live worker %d hangs; killing it", self.pid)
            self.kill()
            raise WorkerLost("the worker hangs") from None
        except (ConnectionError, RuntimeError) as error:
            raise WorkerLost(str(error)) from error
        finally:
            self._owed.pop(id_, None)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """End of its input; it closes its journals and goes."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self.kill()
            await self._process.wait()
        await asyncio.gather(self._reader, return_exceptions=True)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            while True:
                head, _ = await pipes.read_async(self._process.stdout)
                owed = self._owed.pop(head["id"], None)
                if owed is not None and not owed.done():
                    owed.set_result(head)
        except pipes.PipeBroken:
            pass
        finally:
            self.kill()
            for owed in self._owed.values():
                if not owed.done():
                    owed.set_exception(WorkerLost("the worker died"))


class Seat:
    """A session's place in a worker."""

    def __init__(self, slot: "Slot", worker: WorkerProcess, session: str, opened: pipes.Head) -> None:
        self.versions: dict[str, str] = opened["versions"]
        self.problems: dict[str, str] = opened["problems"]
        self._slot = slot
        self._worker = worker
        self._session = session

    @property
    def pid(self) -> int:
        return self._worker.pid

    @property
    def turn(self) -> asyncio.Semaphore:
        """``async with`` it around :meth:`work`: turns come in the order in which they were asked for."""
        return self._worker.turn

    async def work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        """What a moment showed and said, see :mod:`analysis.live.engine.worker`; raises :class:`WorkerLost`."""
        return await self._worker.call({"do": "work", "session": self._session, **head}, body)

    async def set(self, **options: Any) -> None:
        await self._worker.call({"do": "set", "session": self._session, **options})

    async def leave(self) -> None:
        self._slot.seats -= 1
        try:
            await self._worker.call({"do": "close", "session": self._session}, timeout_s=GOODBYE_S)
        except WorkerLost:
            return


class Slot:
    """Where one worker process runs, and the next one after it."""

    def __init__(self) -> None:
        self.worker: WorkerProcess | None = None
        self.seats = 0
        self._starting = asyncio.Lock()
        self._deaths = 0

    async def ready(self) -> WorkerProcess:
        """The running worker, a new one if need be; raises :class:`WorkerLost` when it does not come up."""
        async with self._starting:
            if self.worker is not None and self.worker.is_alive:
                return self.worker
            if self.worker is not None:
                await self._pause(self.worker)
            self.worker = await WorkerProcess.start(min(ANSWER_S * 2**self._deaths, START_S))
            await self.worker.call({"do": "warm_up"}, timeout_s=START_S)
            return self.worker

    async def _pause(self, dead: WorkerProcess) -> None:
        lived_s = time.monotonic() - dead.started_s
        self._deaths = 1 if lived_s > STEADY_S else self._deaths + 1
        pause_s = 0.0 if self._deaths == 1 else min(2.0 ** (self._deaths - 2), MAX_BACKOFF_S)
        logger.warning("live worker %d died after %.0f s; starting another in %.0f s", dead.pid, lived_s, pause_s)
        await dead.stop()
        await asyncio.sleep(pause_s)


class Pool:
    """The workers of this web process and its event loop."""

    def __init__(self, size: int) -> None:
        self._slots = [Slot() for _ in range(size)]
        self._sessions = itertools.count(1)

    @property
    def pids(self) -> list[int]:
        return [slot.worker.pid for slot in self._slots if slot.worker is not None and slot.worker.is_alive]

    async def open(self, **options: Any) -> Seat:
        """A seat on the worker with the fewest; options as of ``open`` in :mod:`analysis.live.engine.worker`. Raises
        :class:`WorkerLost`."""
        slot = min(self._slots, key=lambda s: s.seats)
        slot.seats += 1
        try:
            worker = await slot.ready()
            session = str(next(self._sessions))
            opened = await worker.call({"do": "open", "session": session, **options}, timeout_s=START_S)
            if "error" in opened:
                raise WorkerLost(opened["error"])
        except BaseException:
            slot.seats -= 1
            raise
        return Seat(slot, worker, session, opened)

    async def close(self) -> None:
        await asyncio.gather(*(slot.worker.stop() for slot in self._slots if slot.worker is not None))


_pools: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Pool]" = weakref.WeakKeyDictionary()


def pool_here() -> Pool:
    """The pool of the running event loop; no process starts before the first session."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        _pools[loop] = Pool(settings.LIVE_WORKERS)
    return _pools[loop]
