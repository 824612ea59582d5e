"""Limits of a process that reads untrusted media: a file of a few bytes can demand any amount of memory and time."""

import resource
from contextlib import suppress
from typing import Final

MAX_MEMORY_BYTES: Final = 3 * 1024**3


def limit_resources(*, processor_s: int | None = None) -> None:
    """Limits memory, and processor time where it is given, of this process."""
    limits = [(resource.RLIMIT_AS, MAX_MEMORY_BYTES)]
    if processor_s is not None:
        limits.append((resource.RLIMIT_CPU, processor_s))
    for kind, limit in limits:
        _, hard = resource.getrlimit(kind)
        with suppress(ValueError):  # macOS has no limit on memory
            resource.setrlimit(kind, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
