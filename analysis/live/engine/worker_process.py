"""One worker process of the web process: its start, its requests and answers, its end."""

import asyncio
import itertools
import logging
import sys
import time
from pathlib import Path
from typing import Final

from analysis.live.engine import pipes
from ml.confinement.policy import Policy
from ml.confinement.programs import confined_environment
from ml.thread_limits import THREAD_LIMITS

logger = logging.getLogger(__name__)

STOP_S: Final = 5.0
"""A worker has this long to end; then it is killed."""
QUEUED_REQUESTS: Final = 2
"""Largest number of requests in a worker: the one being processed, and one more to avoid idle time."""
ROOT: Final = Path(__file__).resolve().parents[3]


class WorkerLost(Exception):
    """The process of the session has ended; open another session."""


class WorkerProcess:
    """A child process and the requests that it has not answered yet."""

    def __init__(self, process: asyncio.subprocess.Process, answer_s: float) -> None:
        self.answer_s = answer_s
        self.started_s = time.monotonic()
        self.turn = asyncio.Semaphore(QUEUED_REQUESTS)
        self._process = process
        self._pending: dict[int, asyncio.Future[pipes.Head]] = {}
        self._ids = itertools.count(1)
        self._reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, answer_s: float, policy: Policy) -> "WorkerProcess":
        """A confined worker. It reads pictures and sound from strangers."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-s", "-m", "ml.confinement", policy.to_json(), "analysis.live.engine.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
            env={**confined_environment(policy), **THREAD_LIMITS},
            start_new_session=True,  # only the web process gets Ctrl-C; the end of its pipe then ends the worker
        )
        return cls(process, answer_s)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return not self._reader.done()

    async def call(self, head: pipes.Head, body: bytes = b"", *, timeout_s: float | None = None) -> pipes.Head:
        """The answer to a request.

        Raises :class:`WorkerLost`, also where it takes longer than ``timeout_s`` (default: ``answer_s``); the worker
        is then killed.
        """
        if not self.is_alive:
            raise WorkerLost("the worker is gone")
        id_ = next(self._ids)
        answer: asyncio.Future[pipes.Head] = asyncio.get_running_loop().create_future()
        self._pending[id_] = answer
        stream = self._process.stdin
        assert stream is not None
        try:
            stream.write(pipes.pack({**head, "id": id_}, body))
            async with asyncio.timeout(self.answer_s if timeout_s is None else timeout_s):
                await stream.drain()
                return await answer
        except TimeoutError:
            logger.error("live worker %d hangs; killing it", self.pid)
            self.kill()
            raise WorkerLost("the worker hangs") from None
        except (ConnectionError, RuntimeError) as error:
            raise WorkerLost(str(error)) from error
        finally:
            self._pending.pop(id_, None)

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()

    async def stop(self) -> None:
        """Close the worker's input: it then exits."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(STOP_S):
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
                answer = self._pending.pop(head["id"], None)
                if answer is not None and not answer.done():
                    answer.set_result(head)
        except pipes.PipeBroken:
            pass
        finally:
            self.kill()
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(WorkerLost("the worker died"))
