"""What Python may no longer do in the process of an uploaded network. :mod:`ml.confinement` binds native code."""

import sys
from typing import Any, Final

_EVENTS: Final = """
    os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty subprocess.Popen pty.spawn
    socket.connect socket.bind socket.sendto socket.getaddrinfo urllib.Request
    pickle.find_class code.__new__ ctypes.dlopen
"""
FORBIDDEN: Final = frozenset(_EVENTS.split())
"""Audit events (PEP 578) of starting programs, speaking to others, unpickling and making code."""


class Forbidden(BaseException):
    """Something tried what is forbidden here. Not an ``Exception``: nothing on the way may swallow it."""


def forbid_code() -> None:
    """From here on, for the rest of this process. Call it when everything that is needed has been imported."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in FORBIDDEN:
        raise Forbidden(event)
