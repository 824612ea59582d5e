"""Runs the programs of an embedded installation as one: starts them, restarts what dies, stops all of them together.

Independent of Django. A single thread waits for output, forwards it line by line, and manages the programs in between.
"""

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from ml.confinement.parent import die_with_parent

TICK_S: Final = 0.2
TERMINATE_S: Final = 3.0
"""Seconds after which a program that was asked to stop gets SIGQUIT (Celery's cold shutdown)."""
KILL_S: Final = 7.0
"""Seconds after which it is killed, with its whole process group."""
MAX_BACKOFF_S: Final = 30.0
MAX_EARLY_DEATHS: Final = 3


@dataclass
class Program:
    """``command`` runs under ``name``; a ``once`` program is not started again when it ends."""

    name: str
    command: Sequence[str]
    once: bool = False
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    start_at: float = 0.0
    started_at: float = 0.0
    unfinished_line: bytes = b""

    @property
    def is_running(self) -> bool:
        return self.process is not None


@dataclass
class Supervisor:
    """Starts, restarts and stops ``programs``.

    ``is_ready`` is called until it returns true. Then ``on_ready`` is called once and may return programs to add.
    """

    programs: list[Program]
    is_ready: Callable[[], bool]
    on_ready: Callable[[], list[Program]]
    _selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    _stop_at: float | None = None
    _told: int = 0
    _status: int = 0

    def run(self) -> int:
        """Returns the exit status: 0 after a requested stop, 1 when the programs cannot be kept running."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        ready = False
        while self._stop_at is None or any(program.is_running for program in self.programs):
            for key, _ in self._selector.select(timeout=TICK_S):
                self._pass_on(key.data)
            for program in self.programs:
                self._look_after(program)
            if self._stop_at is not None:
                self._press()
            elif not ready and self.is_ready():
                ready = True
                self.programs += self.on_ready()
        return self._status

    def _asked_to_stop(self, number: int, _frame: object) -> None:
        if self._stop_at is None:
            self._stop_at = time.monotonic()
            say("stopping")
        else:
            self._stop_at = -KILL_S  # a second request stops at once

    def _look_after(self, program: Program) -> None:
        if program.process is None:
            if self._stop_at is None and time.monotonic() >= program.start_at:
                self._start(program)
            return
        status = program.process.poll()
        if status is None:
            return
        self._pass_on(program)
        self._selector.unregister(program.process.stdout)  # type: ignore[arg-type]
        program.process.stdout.close()  # type: ignore[union-attr]
        self._signal_group(program, signal.SIGKILL)  # any remaining children
        program.process = None
        if self._stop_at is None:
            self._after_death(program, status)

    def _start(self, program: Program) -> None:
        program.started_at = time.monotonic()
        program.process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # only this process gets Ctrl-C, and stops the others in order
            preexec_fn=die_with_parent,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert program.process.stdout is not None
        os.set_blocking(program.process.stdout.fileno(), False)
        self._selector.register(program.process.stdout, selectors.EVENT_READ, program)

    def _after_death(self, program: Program, status: int) -> None:
        if program.once:
            program.start_at = float("inf")
            if status:
                say(f"{program.name} ended with status {status}; see its lines above")
            return
        lived_s = time.monotonic() - program.started_at
        program.deaths = program.deaths + 1 if lived_s < MAX_BACKOFF_S else 1
        if lived_s < MAX_BACKOFF_S and program.deaths >= MAX_EARLY_DEATHS and program is self.programs[0]:
            say(f"{program.name} does not stay up (status {status}); its last lines say why")
            self._status, self._stop_at = 1, time.monotonic()
            return
        pause_s = min(2.0 ** (program.deaths - 1), MAX_BACKOFF_S)
        program.start_at = time.monotonic() + pause_s
        say(f"{program.name} ended unexpectedly (status {status}); starting it again in {pause_s:.0f} s")

    def _press(self) -> None:
        """Stop the running programs with increasingly hard signals."""
        assert self._stop_at is not None
        waited_s = time.monotonic() - self._stop_at
        level = 3 if waited_s >= KILL_S else 2 if waited_s >= TERMINATE_S else 1
        while self._told < level:
            self._told += 1
            for program in self.programs:
                if program.process is None:
                    continue
                if self._told == 3:
                    self._signal_group(program, signal.SIGKILL)
                else:
                    program.process.send_signal(signal.SIGTERM if self._told == 1 else signal.SIGQUIT)

    @staticmethod
    def _signal_group(program: Program, number: int) -> None:
        assert program.process is not None
        try:
            os.killpg(program.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return

    @staticmethod
    def _pass_on(program: Program) -> None:
        """Print the whole lines that a program has written since."""
        assert program.process is not None
        assert program.process.stdout is not None
        while chunk := program.process.stdout.read(65536):
            *lines, program.unfinished_line = (program.unfinished_line + chunk).split(b"\n")
            for line in lines:
                sys.stdout.write(f"{program.name:<11} | {line.decode(errors='replace')}\n")
        sys.stdout.flush()


def say(sentence: str) -> None:
    print(f"{'candor':<11} | {sentence}", flush=True)
