"""Programs that a worker starts: their lines, their end, and what they inherit."""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.services import programs


def run(code: str, *, should_stop: Callable[[], bool] = lambda: False, **options: Any) -> tuple[int, list[str]]:
    lines: list[str] = []
    status = programs.run(
        [sys.executable, "-c", code], on_output=lines.append, on_error=lines.append, should_stop=should_stop, **options
    )
    return status, lines


def test_a_program_is_heard_line_by_line():
    status, lines = run("import sys; print('one'); print('two', end=''); sys.exit(3)")
    assert (status, lines) == (3, ["one", "two"])


def test_a_program_that_must_stop_is_killed_with_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    note = tmp_path / "pid"
    code = (
        "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "child = subprocess.Popen(['sleep', '600']);"
        f"open({str(note)!r}, 'w').write(str(child.pid)); print('started', flush=True); time.sleep(600)"
    )
    lines: list[str] = []
    monkeypatch.setattr(programs, "TERMINATE_S", 0.2)
    command = [sys.executable, "-c", code]
    with pytest.raises(programs.ProgramStopped):
        programs.run(command, on_output=lines.append, on_error=lines.append, should_stop=lambda: bool(lines))
    state = Path(f"/proc/{note.read_text()}/stat")

    def is_gone() -> bool:
        try:
            return state.read_text().split()[2] in "ZX"
        except (FileNotFoundError, ProcessLookupError):
            return True

    deadline = time.monotonic() + 10  # a killed process dies when it is next scheduled
    while not is_gone() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert is_gone()


def test_a_program_that_takes_too_long_is_ended():
    with pytest.raises(programs.ProgramTimeout):
        run("import time; time.sleep(600)", timeout_s=0.1)


def test_a_program_may_have_an_environment_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    code = "import os; print(os.environ.get('SECRET_KEY'))"
    assert run(code, environment={"PATH": os.defpath})[1] == ["None"]
    assert run(code)[1] == ["secret"]
