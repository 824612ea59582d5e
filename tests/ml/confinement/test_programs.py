"""Programs that Candor starts: their lines, their end, what they inherit, and how many of them run at once."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ml.confinement import programs
from ml.confinement.policy import Limits, Policy
from ml.confinement.slots import NoSlot, Slots


def run(code: str, *, should_stop: Callable[[], bool] = lambda: False, **options: Any) -> tuple[int, list[str]]:
    lines: list[str] = []
    status = programs.run(
        [sys.executable, "-c", code], on_output=lines.append, on_error=lines.append, should_stop=should_stop, **options
    )
    return status, lines


def test_a_program_is_heard_line_by_line():
    status, lines = run("import sys; print(input()); print('two', end=''); sys.exit(3)", request=b"one\n")
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


class TestConfinedPrograms:
    @pytest.fixture
    def slots(self, tmp_path: Path) -> Slots:
        return Slots(tmp_path / "slots", 1)

    def ask(self, code: str, slots: Slots, folder: Path, *, slot_wait_s: float = 60.0, **limits: Any) -> Any:
        """The answer of a program that ``cProfile`` runs from a file."""
        script = folder / "script.py"
        script.write_text(f"{code}; import os; os._exit(0)")
        policy = Policy.of(Limits(**{"memory_bytes": 256 * 1024**2, **limits}), writable=[folder])
        return programs.ask("cProfile", [script], policy=policy, slots=slots, slot_wait_s=slot_wait_s)

    def test_its_answer_is_one_line_of_json_and_its_environment_is_empty(self, slots, tmp_path, monkeypatch):
        monkeypatch.setenv("SECRET_KEY", "secret")
        code = "import json, os; print(json.dumps(dict(os.environ)), flush=True)"
        found = self.ask(code, slots, tmp_path)
        assert found["HOME"] == found["TMPDIR"] == str(tmp_path)
        assert "SECRET_KEY" not in found

    def test_one_that_needs_too_much_memory_is_told_from_one_that_breaks_off(self, slots, tmp_path):
        with pytest.raises(programs.ProgramKilled) as error:
            self.ask("raise MemoryError", slots, tmp_path)
        assert error.value.needs_memory
        with pytest.raises(programs.ProgramKilled) as error:
            self.ask("import os; os.kill(os.getpid(), 11)", slots, tmp_path)
        assert not error.value.needs_memory
        with pytest.raises(programs.ProgramKilled, match="status 0"):
            self.ask("print('no JSON', flush=True)", slots, tmp_path)

    def test_one_whose_processor_time_is_used_up_took_too_long(self, slots, monkeypatch, tmp_path):
        monkeypatch.setattr(programs, "run", lambda *_, **options: -signal.SIGXCPU)
        with pytest.raises(programs.ProgramTimeout):
            self.ask("pass", slots, tmp_path)

    def test_one_that_finds_no_slot_in_time_took_too_long(self, slots, tmp_path):
        with slots.hold(), pytest.raises(programs.ProgramTimeout):
            self.ask("pass", slots, tmp_path, slot_wait_s=0.0)


class TestSlots:
    def test_as_many_run_at_once_as_there_are_slots(self, tmp_path: Path):
        slots = Slots(tmp_path, 2)
        with slots.hold(), slots.hold():
            with pytest.raises(NoSlot), slots.hold(wait_s=0.0):
                pass
            with pytest.raises(NoSlot), slots.hold(should_stop=lambda: True):
                pass
        with slots.hold(wait_s=0.0), slots.hold(wait_s=0.0):
            pass

    def test_who_waits_gets_the_slot_that_becomes_free(self, tmp_path: Path):
        slots = Slots(tmp_path, 1)
        first, got = threading.Event(), threading.Event()

        def hold() -> None:
            with slots.hold():
                first.set()
                got.wait(0.2)

        thread = threading.Thread(target=hold)
        thread.start()
        first.wait()
        with slots.hold(wait_s=10):
            got.set()
        thread.join()
