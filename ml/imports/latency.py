"""How long one prediction of a network takes: ``python -m ml.imports.latency FILE`` prints the milliseconds."""

import statistics
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np

from ml.runtime import Graph

TIMED_RUNS: Final = 50


def latency_ms(graph: Graph) -> float:
    """Median over 50 predictions of one example each, on one thread, without preprocessing."""
    example = np.random.default_rng(0).normal(size=graph.input_shape).astype(np.float32)
    taken = []
    for _ in range(TIMED_RUNS):
        started = time.perf_counter()
        graph.run(example)
        taken.append(time.perf_counter() - started)
    return round(1000 * statistics.median(taken), 3)


if __name__ == "__main__":
    print(latency_ms(Graph(Path(sys.argv[1]).read_bytes())))
