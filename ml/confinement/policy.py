"""What one confined program may read, write and use."""

import json
import resource
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

CODE: Final = ("ml", "analysis")
"""The packages of which a confined program reads the code."""
OUT_OF_MEMORY: Final = 71
"""Exit status of a confined program that ran out of its memory (``EX_OSERR``)."""
GRACE_S: Final = 5
MAX_FILES: Final = 256
"""Open files of a confined program."""
ADDRESS_SPACE_SPARE_BYTES: Final = 4 * 1024**3
"""Address space beyond the memory: libraries, mapped files and what allocators reserve without using it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """``memory_bytes``: private memory (``RLIMIT_DATA``). ``processor_s``: processor time of all threads, None without
    a limit. ``file_bytes``: size of each file that the program writes. ``wall_s``: time after which the supervisor ends
    it, None without a limit."""

    memory_bytes: int
    processor_s: int | None = None
    file_bytes: int = 64 * 1024**2
    wall_s: float | None = None

    def apply(self) -> None:
        """Limit this process. Its own limits that are lower stay."""
        limits = {
            resource.RLIMIT_DATA: self.memory_bytes,
            resource.RLIMIT_AS: self.memory_bytes + ADDRESS_SPACE_SPARE_BYTES,
            resource.RLIMIT_FSIZE: self.file_bytes,
            resource.RLIMIT_NOFILE: MAX_FILES,
            resource.RLIMIT_CORE: 0,
        }
        if self.processor_s is not None:
            limits[resource.RLIMIT_CPU] = self.processor_s
        for kind, limit in limits.items():
            _, hard = resource.getrlimit(kind)
            lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
            # At the soft limit of time comes SIGXCPU, which says why; at the hard one SIGKILL.
            highest = lowest + GRACE_S if kind == resource.RLIMIT_CPU and hard == resource.RLIM_INFINITY else lowest
            with suppress(ValueError):  # macOS has no limit on memory
                resource.setrlimit(kind, (lowest, highest))


@dataclass(frozen=True, slots=True)
class Policy:
    """``readable`` and ``writable``: files, and folders with everything in them. ``writable`` ones are read too."""

    limits: Limits
    readable: tuple[str, ...] = ()
    writable: tuple[str, ...] = ()

    @classmethod
    def of(cls, limits: Limits, *, readable: Iterable[Path] = (), writable: Iterable[Path] = ()) -> "Policy":
        return cls(limits, tuple(str(path.absolute()) for path in readable), tuple(str(p.absolute()) for p in writable))

    def to_json(self) -> str:
        limits = self.limits
        return json.dumps(
            {
                "limits": [limits.memory_bytes, limits.processor_s, limits.file_bytes, limits.wall_s],
                "readable": self.readable,
                "writable": self.writable,
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "Policy":
        data: Mapping[str, Any] = json.loads(text)
        return cls(Limits(*data["limits"]), tuple(data["readable"]), tuple(data["writable"]))
