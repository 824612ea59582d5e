"""Runs a program for a job, in its own process group, with line-by-line output and a bounded stop."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Final

from django.conf import settings

from analysis.processes import die_with_parent

LOOK_S: Final = 0.25
TERMINATE_S: Final = 5.0
"""Seconds after which a program that was asked to stop is killed, with its whole process group."""
LONGEST_LINE: Final = 20_000
NICENESS: Final = 10
"""Niceness of the program: analyses of recordings, which recruiters wait for, have priority."""

LineHandler = Callable[[str], None]


class ProgramStopped(Exception):
    """The program was stopped before it had ended."""


class ProgramTimeout(Exception):
    """The program exceeded its time limit."""


def run(
    command: Sequence[str | Path],
    *,
    on_output: LineHandler,
    on_error: LineHandler,
    should_stop: Callable[[], bool],
    timeout_s: float | None = None,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a program; returns its exit status (negative: the signal that ended it).

    ``on_output`` and ``on_error`` receive the lines of standard output and standard error. ``environment`` None means
    this process's own. Raises :class:`ProgramStopped` and :class:`ProgramTimeout`, after its process group has ended.
    """
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=settings.BASE_DIR,
        env=None if environment is None else dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_prepare,
    )
    started = time.monotonic()
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        with selectors.DefaultSelector() as selector:
            for stream, handle in ((process.stdout, on_output), (process.stderr, on_error)):
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ, _Lines(handle))
            while selector.get_map():
                if should_stop():
                    raise ProgramStopped
                if timeout_s is not None and time.monotonic() - started > timeout_s:
                    raise ProgramTimeout
                for key, _ in selector.select(timeout=LOOK_S):
                    if not key.data.take(key.fileobj):
                        selector.unregister(key.fileobj)
        return process.wait(timeout=TERMINATE_S)
    except subprocess.TimeoutExpired as error:  # it closed its output but still runs
        raise ProgramTimeout from error
    finally:
        _end(process)


class _Lines:
    """Splits a stream into whole lines of limited length."""

    def __init__(self, handle: LineHandler) -> None:
        self._handle = handle
        self._unfinished = b""

    def take(self, stream: IO[bytes]) -> bool:
        """Read the available bytes; False at the end of the stream."""
        chunk = stream.read(65536)
        if chunk is None:
            return True
        *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
        if not chunk and self._unfinished:
            lines.append(self._unfinished)
        if len(self._unfinished) > LONGEST_LINE:
            self._unfinished = self._unfinished[-LONGEST_LINE:]
        for line in lines:
            self._handle(line[:LONGEST_LINE].decode(errors="replace").rstrip())
        return bool(chunk)


def _prepare() -> None:
    die_with_parent()
    os.nice(NICENESS)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the whole process group to stop, then kill it; does nothing when it has ended."""
    if process.poll() is None:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=TERMINATE_S)
        _signal(process, signal.SIGKILL)
        process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)
