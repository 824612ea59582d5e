"""One budget of confined programs for a machine: as many run at once as there are slots, whoever starts them.

A slot is a lock on a file, which the kernel releases when its holder ends.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

LOOK_S: Final = 0.1


class NoSlot(Exception):
    """No slot became free in time."""


@dataclass(frozen=True, slots=True)
class Slots:
    """``count`` slots, whose locks are in ``folder``."""

    folder: Path
    count: int

    @contextmanager
    def hold(self, *, wait_s: float | None = None, should_stop: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Hold a slot; waits up to ``wait_s``, without end where that is None.

        Raises :class:`NoSlot`, also when ``should_stop`` returns true.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        began = time.monotonic()
        while True:
            for number in range(self.count):
                descriptor = os.open(self.folder / f"{number}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    os.close(descriptor)
                    continue
                try:
                    yield
                    return
                finally:
                    os.close(descriptor)
            if should_stop() or (wait_s is not None and time.monotonic() - began >= wait_s):
                raise NoSlot
            time.sleep(LOOK_S)
