"""Runs a program in its own process group, with line-by-line output and a bounded stop; confined, if it reads what
others sent."""

from __future__ import annotations

import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final

from ml.confinement.parent import die_with_parent
from ml.confinement.policy import OUT_OF_MEMORY, Policy
from ml.confinement.slots import NoSlot, Slots

logger = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parents[2]
MAX_PICTURE_PIXELS: Final = 2048 * 2048
"""Largest picture that OpenCV decodes. It reads this limit from the environment, once."""
LOOK_S: Final = 0.25
TERMINATE_S: Final = 5.0
"""Seconds after which a program that was asked to stop is killed, with its whole process group."""
LONGEST_LINE: Final = 20_000
LONGEST_ANSWER: Final = 4 * 1024**2
"""Characters of the line that :func:`ask` reads; a recording with many gaps has many numbers."""
NICENESS: Final = 10
"""Niceness of a program that nobody waits for: analyses of recordings, which recruiters wait for, have priority."""
SLOT_WAIT_S: Final = 60.0
"""How long somebody who waits for an answer waits for a slot."""

LineHandler = Callable[[str], None]


def never() -> bool:
    return False


class ProgramStopped(Exception):
    """The program was stopped before it had ended."""


class ProgramTimeout(Exception):
    """The program exceeded its limit of wall or processor time, or got no slot in time."""


class ProgramKilled(Exception):
    """The program ended without an answer: by a signal, or because its memory was used up."""

    def __init__(self, module: str, status: int) -> None:
        """``status`` as of :class:`subprocess.Popen`: negative for a signal."""
        super().__init__(f"{module} ended with status {status}")
        self.needs_memory = status in (OUT_OF_MEMORY, -signal.SIGKILL)


def run(
    command: Sequence[str | Path],
    *,
    on_output: LineHandler,
    on_error: LineHandler,
    should_stop: Callable[[], bool] = never,
    timeout_s: float | None = None,
    environment: Mapping[str, str] | None = None,
    request: bytes = b"",
    niceness: int = NICENESS,
    longest_line: int = LONGEST_LINE,
) -> int:
    """Run a program; returns its exit status (negative: the signal that ended it).

    ``on_output`` and ``on_error`` receive the lines of standard output and standard error. ``environment`` None means
    this process's own. ``request`` is its standard input. Raises :class:`ProgramStopped` and :class:`ProgramTimeout`,
    after its process group has ended.
    """
    with tempfile.TemporaryFile() as stdin:
        stdin.write(request)
        stdin.seek(0)
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env=None if environment is None else dict(environment),
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            preexec_fn=_prepare(niceness),
        )
    started = time.monotonic()
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        with selectors.DefaultSelector() as selector:
            for stream, handle in ((process.stdout, on_output), (process.stderr, on_error)):
                os.set_blocking(stream.fileno(), False)
                selector.register(stream, selectors.EVENT_READ, _Lines(handle, longest_line))
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


def run_confined(
    module: str,
    arguments: Sequence[str | Path],
    *,
    policy: Policy,
    slots: Slots,
    on_output: LineHandler,
    on_error: LineHandler | None = None,
    should_stop: Callable[[], bool] = never,
    request: bytes = b"",
    niceness: int = NICENESS,
    longest_line: int = LONGEST_LINE,
    slot_wait_s: float | None = None,
) -> int:
    """Run ``python -m module`` confined, in one of the machine's ``slots``; returns its exit status, 0 or positive.

    Its environment is empty but for its folder, the first of the policy's writable ones. ``slot_wait_s`` None waits for
    a slot without end. Raises :class:`ProgramStopped`, :class:`ProgramTimeout` and :class:`ProgramKilled`.
    """
    command: list[str | Path] = [sys.executable, "-s", "-m", "ml.confinement", policy.to_json(), module, *arguments]
    handle_error = on_error or (lambda line: logger.warning("%s: %s", module, line))
    try:
        with slots.hold(wait_s=slot_wait_s, should_stop=should_stop):
            status = run(
                command,
                on_output=on_output,
                on_error=handle_error,
                should_stop=should_stop,
                timeout_s=policy.limits.wall_s,
                environment=confined_environment(policy),
                request=request,
                niceness=niceness,
                longest_line=longest_line,
            )
    except NoSlot as error:
        raise (ProgramStopped if should_stop() else ProgramTimeout) from error
    if status == -signal.SIGXCPU:
        raise ProgramTimeout
    if status < 0 or status == OUT_OF_MEMORY:
        raise ProgramKilled(module, status)
    return status


def ask(
    module: str,
    arguments: Sequence[str | Path] = (),
    *,
    policy: Policy,
    slots: Slots,
    request: Any = None,
    slot_wait_s: float | None = SLOT_WAIT_S,
    niceness: int = 0,
) -> Any:
    """The line of JSON that a confined program answers; by default to somebody who waits for it.

    Raises :class:`ProgramTimeout` and :class:`ProgramKilled`, the latter also where it answers anything else.
    """
    lines: list[str] = []
    status = run_confined(
        module,
        arguments,
        policy=policy,
        slots=slots,
        on_output=lines.append,
        request=b"" if request is None else json.dumps(request).encode(),
        niceness=niceness,
        longest_line=LONGEST_ANSWER,
        slot_wait_s=slot_wait_s,
    )
    try:
        return json.loads(lines[-1])
    except (IndexError, ValueError) as error:
        raise ProgramKilled(module, status) from error


def confined_environment(policy: Policy) -> dict[str, str]:
    """The whole environment of a confined program: nothing of this process's, which holds keys and addresses."""
    folder = policy.writable[0] if policy.writable else os.devnull
    return {
        "PATH": os.defpath,
        "HOME": folder,
        "TMPDIR": folder,
        "LANG": "C.UTF-8",
        # Both would reserve memory for every processor.
        "MALLOC_ARENA_MAX": "2",
        "OPENBLAS_NUM_THREADS": "1",
        "OPENCV_IO_MAX_IMAGE_PIXELS": str(MAX_PICTURE_PIXELS),
        "TF_CPP_MIN_LOG_LEVEL": "2",
    }


class _Lines:
    """Splits a stream into whole lines of limited length."""

    def __init__(self, handle: LineHandler, longest: int) -> None:
        self._handle = handle
        self._longest = longest
        self._unfinished = b""

    def take(self, stream: IO[bytes]) -> bool:
        """Read the available bytes; False at the end of the stream."""
        chunk = stream.read(65536)
        if chunk is None:
            return True
        *lines, self._unfinished = (self._unfinished + chunk).split(b"\n")
        if not chunk and self._unfinished:
            lines.append(self._unfinished)
        if len(self._unfinished) > self._longest:
            self._unfinished = self._unfinished[-self._longest :]
        for line in lines:
            self._handle(line[: self._longest].decode(errors="replace").rstrip())
        return bool(chunk)


def _prepare(niceness: int) -> Callable[[], None]:
    def prepare() -> None:
        die_with_parent()
        os.nice(niceness)

    return prepare


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
