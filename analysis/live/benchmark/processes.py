"""Memory, processor time and open files of processes (Linux only)."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

MB: Final = 1024**2
CONFINED: Final = "ml.confinement"
WEB: Final = "web"


@dataclass(slots=True)
class Use:
    """Of the processes of one program: their number, resident memory in MB, and open files."""

    processes: int = 0
    memory_mb: float = 0.0
    files: int = 0


def use_by_program(pid: int) -> dict[str, Use]:
    """What the descendants of the supervisor ``pid`` use, by the program's name: that of the worker, ``web``, or the
    module of a confined program."""
    found: dict[str, Use] = {}

    def add(one: int, program: str) -> None:
        program = program_of(one) or program
        use = found.setdefault(program, Use())
        use.processes += 1
        use.memory_mb = round(use.memory_mb + rss_mb(one), 1)
        use.files += _files(one)
        for child in children(one):
            add(child, program)

    for child in children(pid):
        add(child, "other")
    return found


def growth(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """By how much memory and files of each program grew: the mean of the last third of the minutes less that of the
    first third, without the minute in which everything starts."""
    rows = rows[1:]
    third = max(1, len(rows) // 3)

    def mean(of: Sequence[dict[str, Any]], name: str, key: str) -> float:
        return float(sum(row["programs"].get(name, {key: 0})[key] for row in of)) / max(1, len(of))

    return {
        name: {
            key: round(mean(rows[-third:], name, key) - mean(rows[:third], name, key), 1)
            for key in ("memory_mb", "files")
        }
        for name in sorted({name for row in rows for name in row["programs"]})
    }


def program_of(pid: int) -> str:
    """The name of the program that a process runs; empty where its command line does not tell."""
    try:
        return program_name(Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0"))
    except OSError:
        return ""


def program_name(command: list[str]) -> str:
    """As :func:`program_of`, by the command line."""
    if CONFINED in command:
        return command[command.index(CONFINED) + 2]
    if "interviewplatform.web_server" in command:
        return WEB
    return command[command.index("-n") + 1].partition("@")[0] if "celery" in command and "-n" in command else ""


def children(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if int(_stat(int(folder.name))[1]) == pid:
                found.append(int(folder.name))
        except (OSError, IndexError):
            continue
    return found


def rss_mb(pid: int) -> float:
    try:
        return int(_stat(pid)[21]) * os.sysconf("SC_PAGE_SIZE") / MB
    except OSError:
        return 0.0


def cpu_s(pid: int) -> float:
    try:
        fields = _stat(pid)
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except OSError:
        return 0.0


def _files(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return 0


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat behind the name: state, parent, …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
