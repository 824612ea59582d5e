"""Processes that do not outlive the one that started them."""

import ctypes
import signal
import sys
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1

# Loaded at import time, because importing between fork and exec is unsafe.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(*args: Any, **kwargs: Any) -> None:
    """Make the kernel kill this process when its parent ends for any reason. Linux only; elsewhere does nothing.

    Usable as a ``preexec_fn`` and as a receiver of Celery's signals.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
