"""A worker that is asked to stop (SIGTERM, Ctrl-C) does not finish an hour's analysis first: it hands the run back."""

from __future__ import annotations

import mmap
from typing import Final

# The request reaches the worker's main process, the analysis runs in one forked from it: this byte is shared by both.
_asked: Final = mmap.mmap(-1, 1)


def worker_stop() -> None:
    """Have every attempt of this worker stop within about a second. Safe in a signal handler."""
    _asked[0] = 1


def worker_is_stopping() -> bool:
    return _asked[0] == 1
