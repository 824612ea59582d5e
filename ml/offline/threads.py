"""Threads that pass work on through bounded queues, so that memory stays flat however slow the next one is."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

WAIT_S: Final = 0.1
"""A waiting thread looks up this often."""


class Worker(threading.Thread, Generic[Item]):
    """Handles items one by one in its own thread. The first error ends the handling, is kept in ``error`` and hurts
    nobody else: later items are taken and dropped, so that the giver never waits for a dead worker."""

    def __init__(self, name: str, handle: Callable[[Item], None], *, waiting: int = 64) -> None:
        super().__init__(name=name, daemon=True)
        self.error: Exception | None = None
        self.busy_s = 0.0
        self._handle = handle
        self._items: queue.Queue[Item | None] = queue.Queue(maxsize=waiting)
        self._dropping = False

    def give(self, item: Item) -> None:
        """Hand over one item; waits while the queue is full."""
        self._items.put(item)

    def finish(self) -> None:
        """Wait until everything that was given is handled."""
        if self.is_alive():
            self._items.put(None)
            self.join()

    def abandon(self) -> None:
        """Drop what is waiting and end after the item in hand."""
        self._dropping = True
        self.finish()

    def run(self) -> None:
        while (item := self._items.get()) is not None:
            if self._dropping or self.error is not None:
                continue
            started = time.perf_counter()
            try:
                self._handle(item)
            except Exception as error:
                self.error = error
            self.busy_s += time.perf_counter() - started


class Prefetch(Generic[Item]):
    """Draws from an iterator in its own thread, a few items ahead. Use as a context manager."""

    def __init__(self, items: Iterable[Item], *, ahead: int, while_waiting: Callable[[], None]) -> None:
        self.busy_s = 0.0
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
        """The items in order; an error of the source is raised here. ``while_waiting`` may raise to leave."""
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
                started = time.perf_counter()
                item = next(source, None)
                self.busy_s += time.perf_counter() - started
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
