"""Limits on the threads of libraries that compute: one each, because the pipeline's own threads are the parallelism.

ggml (voice activity) starts four OpenMP threads for every 32 ms of sound, and OpenBLAS one a processor for small
products. They wait by spinning: voice activity takes four times the processor seconds of its work, and speech features
twice. ``OMP_NUM_THREADS`` has no effect, because ggml states its number.

A library reads its limit when it is loaded: before NumPy is imported, or in the environment of a new process. Trainings
have no limits.
"""

import os
from collections.abc import Mapping
from typing import Final

THREAD_LIMITS: Final[Mapping[str, str]] = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Environment variables of a process that serves."""


def limit_threads() -> None:
    """Limits the libraries that this process has not loaded yet, and those of its children."""
    os.environ.update(THREAD_LIMITS)
