"""The cost of a child process with all of its own."""

import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ml.training.errors import TrainingError


class BenchmarkFailed(TrainingError):
    """A measured program did not run to its end. ``str(error)`` is a sentence."""


@dataclass(frozen=True, slots=True)
class Cost:
    """``wall_s``; ``user_s`` and ``system_s`` of the processor, those of ended children included; ``peak_memory_mb``:
    largest resident memory of one of the processes."""

    wall_s: float
    user_s: float
    system_s: float
    peak_memory_mb: float

    @property
    def processor_s(self) -> float:
        return self.user_s + self.system_s

    def to_json(self) -> dict[str, Any]:
        values = asdict(self) | {"processor_s": self.processor_s}
        return {key: round(value, 3) for key, value in values.items()}


def measure(command: Sequence[str | Path], *, folder: Path | None = None) -> Cost:
    """Runs a program to its end, without its output. Raises :class:`BenchmarkFailed` with the last line of its
    errors."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [str(word) for word in command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert child.stderr is not None
    errors = child.stderr.read()
    # wait4 gives the usage of this child alone; RUSAGE_CHILDREN has the largest memory of all so far.
    _, status, usage = os.wait4(child.pid, 0)
    wall_s = time.perf_counter() - started
    child.stderr.close()
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        last = (errors.strip().splitlines() or ["it wrote nothing"])[-1]
        raise BenchmarkFailed(f"The measured program ended with status {child.returncode}: {last}")
    return Cost(wall_s, usage.ru_utime, usage.ru_stime, usage.ru_maxrss / 1024)
