"""Threads connected by bounded queues, so that memory use does not depend on the speed of the slowest."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

TOGETHER: Final = 16
"""Number of items that a thread handles in a row. Threads that alternate with every item displace each other's pictures
and weights from the processor's caches."""
GROUPS: Final = 2
"""A thread that reads ahead fills this number of groups."""
WAIT_S: Final = 0.1
"""Interval at which a waiting thread checks whether to go on."""


class QueueThread(threading.Thread, Generic[Item]):
    """Handles the items of a bounded queue in order, :data:`TOGETHER` in a row.

    The first exception ends the handling and becomes ``error``. Later items are dropped, so that :meth:`submit` never
    blocks on a failed thread.
    """

    def __init__(self, name: str, handle: Callable[[Item], None], *, capacity: int = 64) -> None:
        super().__init__(name=name, daemon=True)
        self.error: Exception | None = None
        self.busy_s = 0.0
        """Processor seconds of handling, in this thread."""
        self._handle = handle
        self._groups: queue.Queue[list[Item] | None] = queue.Queue(maxsize=max(1, capacity // TOGETHER))
        self._waiting: list[Item] = []
        self._cancelled = False

    def submit(self, item: Item) -> None:
        """Adds one item, which waits for its group to be complete. Blocks while the queue is full."""
        self._waiting.append(item)
        if len(self._waiting) == TOGETHER:
            self._pass_on()

    def finish(self) -> None:
        """Waits until all submitted items are handled."""
        if self.is_alive():
            self._pass_on()
            self._groups.put(None)
            self.join()

    def cancel(self) -> None:
        """Drops the items in the queue and ends after the current one."""
        self._cancelled = True
        self.finish()

    def run(self) -> None:
        while (group := self._groups.get()) is not None:
            started = time.thread_time()
            for item in group:
                if self._cancelled or self.error is not None:
                    break
                try:
                    self._handle(item)
                except Exception as error:
                    self.error = error
            self.busy_s += time.thread_time() - started

    def _pass_on(self) -> None:
        self._groups.put(self._waiting)
        self._waiting = []


class Prefetch(Generic[Item]):
    """Iterates over ``items`` in its own thread, about ``ahead`` items ahead. Use as a context manager.

    Items are drawn in groups, for the same reason as in :class:`QueueThread`.
    """

    def __init__(self, items: Iterable[Item], *, ahead: int, while_waiting: Callable[[], None]) -> None:
        self.busy_s = 0.0
        """Processor seconds of the items' own iterator, in this thread."""
        self._items = items
        self._while_waiting = while_waiting
        self._together = max(1, ahead // GROUPS)
        self._ready: queue.Queue[tuple[list[Item] | None, Exception | None]] = queue.Queue(maxsize=GROUPS)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._draw, name="prefetch", daemon=True)

    def __enter__(self) -> "Prefetch[Item]":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._closed.set()
        self._thread.join()

    def __iter__(self) -> Iterator[Item]:
        """The items in order. An exception of the source is raised here. ``while_waiting`` may raise to cancel."""
        while True:
            try:
                group, error = self._ready.get(timeout=WAIT_S)
            except queue.Empty:
                self._while_waiting()
                continue
            if error is not None:
                raise error
            if group is None:
                return
            yield from group

    def _draw(self) -> None:
        source = iter(self._items)
        try:
            while not self._closed.is_set():
                group: list[Item] = []
                started = time.thread_time()
                try:
                    for item in islice(source, self._together):
                        group.append(item)  # one by one: what came before an error is kept
                finally:
                    self.busy_s += time.thread_time() - started
                    self._put((group, None))
                if len(group) < self._together:
                    self._put((None, None))
                    return
        except Exception as error:
            self._put((None, error))
        finally:
            if hasattr(source, "close"):
                source.close()

    def _put(self, entry: tuple[list[Item] | None, Exception | None]) -> None:
        while not self._closed.is_set():
            try:
                self._ready.put(entry, timeout=WAIT_S)
                return
            except queue.Full:
                continue
