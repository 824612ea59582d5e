"""Processes that read untrusted media have little memory, and little time where they are asked to."""

import subprocess
import sys


def limits_after(call: str) -> list[str]:
    show = (
        "import resource as r; from ml.media.limits import limit_resources;"
        f"before = r.getrlimit(r.RLIMIT_CPU); {call};"
        "print(r.getrlimit(r.RLIMIT_AS)[0], r.getrlimit(r.RLIMIT_CPU)[0], before[0])"
    )
    return subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True).stdout.split()


def test_memory_and_time_are_limited():
    memory, processor_s, _ = limits_after("limit_resources(processor_s=120)")
    assert (memory, processor_s) == (str(3 * 1024**3), "120")


def test_without_a_time_memory_alone_is_limited():
    memory, processor_s, before = limits_after("limit_resources()")
    assert memory == str(3 * 1024**3)
    assert processor_s == before
