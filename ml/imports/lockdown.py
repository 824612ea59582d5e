"""What the process that meets an uploaded network may no longer do."""

import resource
import sys
from contextlib import suppress
from typing import Any, Final

MAX_MEMORY_BYTES: Final = 6 * 1024**3
"""Address space. TensorFlow with its converter reserves 2.8 GiB for the largest network here."""
MAX_PROCESSOR_S: Final = 300
MAX_FILE_BYTES: Final = 512 * 1024**2
MAX_FILES: Final = 256

_EVENTS: Final = """
    os.system os.exec os.posix_spawn os.spawn os.fork os.forkpty subprocess.Popen pty.spawn
    socket.connect socket.bind socket.sendto socket.getaddrinfo urllib.Request
    pickle.find_class code.__new__ ctypes.dlopen
"""
FORBIDDEN: Final = frozenset(_EVENTS.split())
"""Audit events (PEP 578) of starting programs, speaking to others, unpickling and making code."""


class Forbidden(BaseException):
    """Something tried what is forbidden here. Not an ``Exception``: nothing on the way may swallow it."""


def limit_resources() -> None:
    """A small file may ask for any amount of memory, time or disk: beyond these limits this process ends."""
    for kind, limit in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MAX_PROCESSOR_S),
        (resource.RLIMIT_FSIZE, MAX_FILE_BYTES),
        (resource.RLIMIT_NOFILE, MAX_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        with suppress(ValueError):  # macOS has no limit on memory
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def forbid_code() -> None:
    """From here on, for the rest of this process. Call it when everything that is needed has been imported."""
    sys.addaudithook(_audit)


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in FORBIDDEN:
        raise Forbidden(event)
