"""The soak test's figures: what programs use, and how much it grows."""

import os
import subprocess
import sys

from analysis.live.benchmark.processes import growth, program_name, use_by_program


def row(**programs):
    return {"programs": {name: {"memory_mb": mb, "files": files} for name, (mb, files) in programs.items()}}


def test_growth_is_that_of_the_last_third_over_the_first_without_the_start():
    rows = [row(web=(10, 5)), *(row(web=(100 + n, 20)) for n in range(6)), row(web=(200, 26), worker=(50, 3))]
    found = growth(rows)
    assert found["web"] == {"memory_mb": 52.0, "files": 3.0}
    assert found["worker"] == {"memory_mb": 25.0, "files": 1.5}


def test_programs_are_named_by_what_they_run():
    worker = ["python", "-m", "celery", "-A", "interviewplatform", "worker", "-Q", "analysis", "-n", "analysis@%h"]
    assert program_name(worker) == "analysis"
    assert program_name(["python", "-m", "interviewplatform.web_server", "-p", "1"]) == "web"
    confined = ["python", "-s", "-m", "ml.confinement", "{}", "analysis.recording_process", "/tmp/x"]
    assert program_name(confined) == "analysis.recording_process"
    assert program_name(["sleep", "1"]) == ""


def test_memory_and_files_of_descendants_are_counted():
    child = subprocess.Popen(
        [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"], stdin=-1, stdout=-1
    )
    try:
        child.stdout.readline()
        used = use_by_program(os.getpid())["other"]
        assert used.processes >= 1
        assert used.memory_mb > 3
        assert used.files >= 3
    finally:
        child.communicate()
