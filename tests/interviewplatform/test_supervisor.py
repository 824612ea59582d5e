"""What `make run` stands on: programs start, are started again, and never outlive the supervisor."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# A program that starts a child of its own (as a worker does), says both process ids, and stays.
STAYS = """
import os, subprocess, sys
child = subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'])
print('pids', os.getpid(), child.pid, flush=True)
child.wait()
"""
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGQUIT, signal.SIG_IGN);"

SUPERVISE = """
import sys
from interviewplatform import supervisor
from interviewplatform.supervisor import Program, Supervisor
supervisor.TERMINATE_S, supervisor.KILL_S = 0.3, 0.6
programs = [Program(str(number), [sys.executable, '-c', code]) for number, code in enumerate(sys.argv[1:])]
once = Program('after', [sys.executable, '-c', 'print("made once")'], once=True)
sys.exit(Supervisor(programs, is_ready=lambda: True, on_ready=lambda: [once]).run())
"""


class Supervised:
    def __init__(self, *codes: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, *codes], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout
        self.lines: Iterator[str] = iter(self.process.stdout)

    def wait_for(self, words: str) -> str:
        return next(line for line in self.lines if words in line)

    def pids(self) -> list[int]:
        return [int(word) for word in self.wait_for("pids").split("pids")[1].split()]

    def rest(self) -> str:
        return "".join(self.lines)


@pytest.fixture
def supervise():
    started: list[Supervised] = []

    def start(*codes: str) -> Supervised:
        started.append(Supervised(*codes))
        return started[-1]

    yield start
    for supervised in started:
        supervised.process.kill()
        supervised.process.wait()
        supervised.process.stdout.close()


def wait_until_gone(pid: int) -> None:
    """Returns when the process has ended; the kernel tells, so there is nothing to poll."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        import select

        assert select.select([descriptor], [], [], 20)[0], f"process {pid} is still there"
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stop_that_is_asked_for_ends_every_program_and_what_it_started(supervise, number):
    supervised = supervise(STAYS, STAYS)
    pids = supervised.pids() + supervised.pids()
    supervised.process.send_signal(number)
    assert supervised.process.wait(20) == 0
    for pid in pids:
        wait_until_gone(pid)


def test_a_program_that_does_not_listen_is_killed(supervise):
    supervised = supervise(DEAF + STAYS)
    pids = supervised.pids()
    supervised.process.terminate()
    assert supervised.process.wait(20) == 0
    for pid in pids:
        wait_until_gone(pid)


def test_programs_end_with_a_supervisor_that_is_killed(supervise):
    supervised = supervise(STAYS)
    program, _ = supervised.pids()
    supervised.process.kill()
    wait_until_gone(program)


def test_a_program_that_died_is_started_again(supervise):
    supervised = supervise("import signal; signal.pause()", STAYS)
    first = supervised.pids()
    os.kill(first[0], signal.SIGKILL)
    assert "starting it again" in supervised.wait_for("ended unexpectedly")
    assert supervised.pids()[0] != first[0]
    wait_until_gone(first[1])


def test_a_step_after_the_start_runs_once(supervise):
    supervised = supervise(STAYS)
    assert supervised.wait_for("made once").startswith("after")
    supervised.process.terminate()
    supervised.process.wait(20)
    assert "made once" not in supervised.rest()


def test_a_first_program_that_does_not_stay_up_ends_the_whole(supervise):
    supervised = supervise("print('port taken'); raise SystemExit(3)")
    assert supervised.process.wait(30) == 1
    output = supervised.rest()
    assert output.count("port taken") == 3
    assert "does not stay up (status 3)" in output
