"""How long a network takes for one example."""

import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from ml.training.metrics import Floats

WARM_UP: Final = 20
EXAMPLES: Final = 300


def measure(read: Callable[[npt.NDArray[Any]], Floats], examples: npt.NDArray[Any]) -> dict[str, Any]:
    """Milliseconds of this thread's processor time for one example, preprocessing and calibration included.

    ``read`` takes one of ``examples`` (n, ...), pictures or windows of sound, at a time: (1, ...). LiteRT runs on the
    calling thread, so that what else the machine does hardly counts.
    """
    spent = []
    for number in range(WARM_UP + EXAMPLES):
        example = examples[number % len(examples)][np.newaxis]
        started = time.thread_time()
        read(example)
        if number >= WARM_UP:
            spent.append(1000 * (time.thread_time() - started))
    return {
        "median_ms": round(float(np.median(spent)), 2),
        "p95_ms": round(float(np.percentile(spent, 95)), 2),
        "n": EXAMPLES,
    }
