"""Threads connected by bounded queues, so that memory use does not depend on the speed of the slowest."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

WAIT_S: Final = 0.1
"""Interval at which a waiting thread checks whether to go on."""


class QueueThread(threading.Thread, Generic[Item]):
    """Handles the items of a bounded queue in order. The first exception ends the handling and becomes ``error``. Later
    items are dropped, so that :meth:`submit` never blocks on a failed thread."""

    def __init__(self, name: str, handle: Callable[[Item], None], *, capacity: int = 64) -> None:
        super().__init__(name=name, daemon=True)
        self.error: Exception | None = None
        self.busy_s = 0.0
        """Processor seconds of handling, in this thread."""
        self._handle = handle
        self._items: queue.Queue[Item | None] = queue.Queue(maxsize=capacity)
        self._cancelled = False

    def submit(self, item: Item) -> None:
        """Adds one item. Blocks while the queue is full."""
        self._items.put(item)

    def finish(self) -> None:
        """Waits until all submitted items are handled."""
        if self.is_alive():
            self._items.put(None)
            self.join()

    def cancel(self) -> None:
        """Drops the items in the queue and ends after the current one."""
        self._cancelled = True
        self.finish()

    def run(self) -> None:
        while (item := self._items.get()) is not None:
            if self._cancelled or self.error is not None:
                continue
            started = time.thread_time()
            try:
                self._handle(item)
            except Exception as error:
                self.error = error
            self.busy_s += time.thread_time() - started


class Prefetch(Generic[Item]):
    """Iterates over ``items`` in its own thread, up to ``ahead`` items ahead. Use as a context manager."""

    def __init__(self, items: Iterable[Item], *, ahead: int, while_waiting: Callable[[], None]) -> None:
        self.busy_s = 0.0
        """Processor seconds of the items' own iterator, in this thread."""
        self._items = items
        self._while_waiting = while_waiting
        self._ready: queue.Queue[tuple[Item | None, Exception | None]] = queue.Queue(maxsize=ahead)
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
                item, error = self._ready.get(timeout=WAIT_S)
            except queue.Empty:
                self._while_waiting()
                continue
            if error is not None:
                raise error
            if item is None:
                return
            yield item

    def _draw(self) -> None:
        source = iter(self._items)
        try:
            while not self._closed.is_set():
                started = time.thread_time()
                item = next(source, None)
                self.busy_s += time.thread_time() - started
                self._put((item, None))
                if item is None:
                    return
        except Exception as error:
            self._put((None, error))
        finally:
            if hasattr(source, "close"):
                source.close()

    def _put(self, entry: tuple[Item | None, Exception | None]) -> None:
        while not self._closed.is_set():
            try:
                self._ready.put(entry, timeout=WAIT_S)
                return
            except queue.Full:
                continue
