"""The pool of worker processes of this web process. Workers start when first needed, and again when they die or hang.

A session is opened on the worker with the fewest sessions and stays there, because that process holds the state of face
tracking and voice. Sessions take turns: the one that has waited longest is next, and takes its newest frame only then.
When a worker is lost, every call of its sessions raises :class:`WorkerLost`; each then opens a new session.
"""

import asyncio
import itertools
import logging
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from analysis.live.engine import pipes
from analysis.live.engine.worker_process import WorkerLost, WorkerProcess
from analysis.readings.journal_file import JournalFile
from ml.confinement import budgets
from ml.confinement.policy import Policy

logger = logging.getLogger(__name__)

START_S: Final = 60.0
"""Loading every network takes a second or two; a machine that is busy with an analysis may need much longer."""
ANSWER_S: Final = 15.0
"""A worker without an answer for this long is taken for hung and killed.

Its successors get longer, up to :data:`START_S`: on a very busy machine, killing and loading would otherwise repeat for
ever.
"""
CLOSE_S: Final = 5.0
MAX_BACKOFF_S: Final = 15.0
STEADY_S: Final = 60.0
"""A worker that ran this long was healthy: after its death the next one starts at once."""


def worker_policy() -> Policy:
    """A worker reads the model versions, also those of later sessions, and writes nothing."""
    models = [Path(settings.MEDIA_ROOT) / "models", Path(settings.MODEL_CACHE_DIR)]
    for folder in models:  # a rule for a folder that does not exist has no effect
        with suppress(OSError):  # a container that keeps its models elsewhere
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sessions = -(-settings.LIVE_MAX_SESSIONS // settings.LIVE_WORKERS)
    limits = budgets.live_worker(sessions=sessions)
    return Policy.of(limits, readable=[*models, Path(settings.WEIGHTS_DIR)])


class WorkerSession:
    """A candidate's session in a worker process, as the web process holds it.

    ``versions``: the version of each modality that reads. ``problems``: why a modality cannot be read, as a sentence.
    """

    def __init__(
        self, slot: "WorkerSlot", worker: WorkerProcess, key: str, opened: pipes.Head, journal: JournalFile | None
    ) -> None:
        self.versions: dict[str, str] = opened["versions"]
        self.problems: dict[str, str] = opened["problems"]
        self._slot = slot
        self._worker = worker
        self._key = key
        self._journal = journal
        self._writing = asyncio.Lock()

    @property
    def pid(self) -> int:
        return self._worker.pid

    @property
    def turn(self) -> asyncio.Semaphore:
        """An asynchronous context manager to hold around :meth:`work`: turns are given in the order of requests."""
        return self._worker.turn

    async def work(self, head: pipes.Head, body: bytes) -> pipes.Head:
        """Have a frame and sound read, see :mod:`analysis.live.engine.worker`. Raises :class:`WorkerLost`."""
        answer = await self._worker.call({"do": "work", "session": self._key, **head}, body)
        await self._keep(answer)
        return answer

    async def set(self, **options: Any) -> None:
        """Change options of the session. Raises :class:`WorkerLost`."""
        await self._worker.call({"do": "set", "session": self._key, **options})

    async def close(self) -> None:
        """End the session; a lost worker has ended it already."""
        self._slot.sessions -= 1
        try:
            await self._keep(await self._worker.call({"do": "close", "session": self._key}, timeout_s=CLOSE_S))
        except WorkerLost:
            return

    async def discard(self, *, erases: bool) -> None:
        """End the session, and write nothing more of a request that is under way. ``erases``: the journal, too."""
        async with self._writing:
            journal, self._journal = self._journal, None
            if journal is not None and erases:
                await asyncio.to_thread(journal.erase)
        await self.close()

    async def _keep(self, answer: pipes.Head) -> None:
        """Write the lines for the journal, which the worker cannot."""
        text = answer.pop("journal", "")
        async with self._writing:
            if not text or self._journal is None:
                return
            try:
                await asyncio.to_thread(self._journal.append, text)
            except OSError:
                logger.exception("readings could not be written to the journal")


class WorkerSlot:
    """A place for one worker process, and for its successors; ``sessions`` counts those that are open there."""

    def __init__(self) -> None:
        self.worker: WorkerProcess | None = None
        self.sessions = 0
        self._starting = asyncio.Lock()
        self._deaths = 0

    async def ready(self) -> WorkerProcess:
        """The running worker, a new one if need be. Raises :class:`WorkerLost` where it does not start."""
        async with self._starting:
            if self.worker is not None and self.worker.is_alive:
                return self.worker
            if self.worker is not None:
                await self._pause(self.worker)
            self.worker = await WorkerProcess.start(min(ANSWER_S * 2**self._deaths, START_S), worker_policy())
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
        self._slots = [WorkerSlot() for _ in range(size)]
        self._keys = itertools.count(1)

    @property
    def pids(self) -> list[int]:
        return [slot.worker.pid for slot in self._slots if slot.worker is not None and slot.worker.is_alive]

    async def open(self, *, journal: JournalFile | None, **options: Any) -> WorkerSession:
        """A session on the worker with the fewest. ``journal``: the room's.

        ``options`` are those of ``open`` in :mod:`analysis.live.engine.worker`. Raises :class:`WorkerLost`.
        """
        earlier = await asyncio.to_thread(journal.read) if journal is not None else b""
        slot = min(self._slots, key=lambda s: s.sessions)
        slot.sessions += 1
        try:
            worker = await slot.ready()
            key = str(next(self._keys))
            head = {"do": "open", "session": key, "journal": journal is not None, **options}
            opened = await worker.call(head, earlier, timeout_s=START_S)
            if "error" in opened:
                raise WorkerLost(opened["error"])
        except BaseException:
            slot.sessions -= 1
            raise
        return WorkerSession(slot, worker, key, opened, journal)

    async def close(self) -> None:
        """Stop every worker."""
        await asyncio.gather(*(slot.worker.stop() for slot in self._slots if slot.worker is not None))


_pools: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Pool]" = weakref.WeakKeyDictionary()


def pool_here() -> Pool:
    """The pool of the running event loop; no process starts before the first session."""
    loop = asyncio.get_running_loop()
    if loop not in _pools:
        _pools[loop] = Pool(settings.LIVE_WORKERS)
    return _pools[loop]
