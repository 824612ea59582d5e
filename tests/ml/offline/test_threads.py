"""Threads with bounded queues."""

import threading

import pytest

from ml.offline.threads import Prefetch, QueueThread


class Leave(Exception):
    """Raised by a consumer that does not want to wait any longer."""


class TestQueueThread:
    def test_everything_is_handled_in_order(self):
        handled = []
        thread = QueueThread("w", handled.append, capacity=2)
        thread.start()
        for number in range(50):
            thread.submit(number)
        thread.finish()
        assert handled == list(range(50))
        assert thread.error is None

    def test_failing_thread_keeps_its_first_error_and_never_blocks_submit(self):
        def fail(number):
            raise ValueError(f"bad {number}")

        thread = QueueThread("w", fail, capacity=1)
        thread.start()
        for number in range(50):
            thread.submit(number)
        thread.finish()
        assert str(thread.error) == "bad 0"

    def test_cancelled_thread_drops_what_is_waiting(self):
        started, go_on, handled = threading.Event(), threading.Event(), []

        def handle(number):
            started.set()
            go_on.wait(5)
            handled.append(number)

        thread = QueueThread("w", handle)
        thread.start()
        for number in range(5):
            thread.submit(number)
        started.wait(5)
        threading.Timer(0.05, go_on.set).start()
        thread.cancel()
        assert handled == [0]

    def test_thread_that_never_started_can_be_finished(self):
        QueueThread("w", print).finish()


class TestPrefetch:
    def test_items_come_in_order(self):
        with Prefetch(iter(range(20)), ahead=3, while_waiting=lambda: None) as items:
            assert list(items) == list(range(20))

    def test_error_of_the_source_is_raised_where_the_items_are_used(self):
        def source():
            yield 1
            raise ValueError("broken")

        seen = []
        with (
            Prefetch(source(), ahead=3, while_waiting=lambda: None) as items,
            pytest.raises(ValueError, match="broken"),
        ):
            seen.extend(items)
        assert seen == [1]

    def test_source_is_never_far_ahead_and_is_closed_when_left_early(self):
        drawn, closed = [], []

        def source():
            try:
                for number in range(1000):
                    drawn.append(number)
                    yield number
            finally:
                closed.append(True)

        with Prefetch(source(), ahead=2, while_waiting=lambda: None) as items:
            assert next(iter(items)) == 0
        assert len(drawn) <= 5
        assert closed == [True]

    def test_waiting_can_be_left(self):
        go_on = threading.Event()

        def slow():
            go_on.wait(5)
            yield 1

        def leave():
            go_on.set()
            raise Leave

        with Prefetch(slow(), ahead=1, while_waiting=leave) as items, pytest.raises(Leave):
            list(items)
