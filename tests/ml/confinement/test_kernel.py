"""What a confined process can no longer do, asked of the kernel itself: no hook of Python's is in the way here."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from ml.confinement import seccomp
from ml.confinement.kernel import FILES, NETWORK, confinement_gaps
from ml.confinement.policy import Limits, Policy
from ml.confinement.programs import confined_environment
from ml.confinement.syscalls import ARCHITECTURES, checked_number, refused_numbers

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import ctypes, errno, json, os, resource, socket, subprocess, sys, threading
from pathlib import Path
inside, outside, port, parent = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
libc = ctypes.CDLL(None, use_errno=True)
def fails(attempt):
    try: attempt()
    except OSError as error: return error.errno in (errno.EPERM, errno.EACCES)
    except ValueError: return True  # setrlimit
    return False
def threaded():
    thread = threading.Thread(target=lambda: None); thread.start(); thread.join()
can = {
    "reads its own": not fails(lambda: (inside / "mine").write_text("x") and (inside / "mine").read_text()),
    "moves its own": not fails(lambda: ((inside / "folder").mkdir(), (inside / "mine").rename(inside / "folder/mine"))),
    "reads others": not fails(lambda: (outside / "secret").read_text()),
    "reads settings": not fails(lambda: Path("manage.py").read_text()),
    "reads its parent's environment": not fails(Path(f"/proc/{parent}/environ").read_bytes),
    "writes elsewhere": not fails(lambda: (outside / "made").write_text("x")),
    "changes the code": not fails(lambda: Path("ml/imports/errors.py").open("a")),
    "changes permissions": not fails(lambda: os.chmod(outside / "secret", 0o777)),
    "starts programs": not fails(lambda: subprocess.run(["/usr/bin/env"], capture_output=True)),
    "starts programs from native code": libc.system(b"touch " + bytes(inside / "touched")) == 0,
    "starts processes": not fails(os.fork),
    "starts threads": not fails(threaded),
    "connects": not fails(lambda: socket.create_connection(("127.0.0.1", port), timeout=5)),
    "sends a datagram": not fails(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
    "opens a local socket": not fails(lambda: socket.socket(socket.AF_UNIX)),
    "signals others": not fails(lambda: os.kill(parent, 0)),
    "signals itself": not fails(lambda: os.kill(os.getpid(), 0)),
    "limits others": libc.prlimit(parent, resource.RLIMIT_CORE, None, None) == 0,
    "traces others": libc.ptrace(16, parent, None, None) == 0,
    "raises its limits": not fails(lambda: resource.setrlimit(resource.RLIMIT_CORE, (1, 1))),
    "has privileges": int(Path("/proc/self/status").read_text().split("CapEff:")[1].split()[0], 16) & ~2 != 0,
    "reads Python's own": not fails(lambda: Path(json.__file__).read_text()),
    "has an environment": bool(os.environ.get("SECRET_KEY")),
    "makes files for others": (inside / "folder/mine").stat().st_mode & 0o077 != 0,
}
print(json.dumps(can))
"""
LIMITS = Limits(memory_bytes=256 * 1024**2, processor_s=60)


def confined(code: str, *arguments: object, inside: Path, limits: Limits = LIMITS) -> subprocess.CompletedProcess[str]:
    (inside / "attempt.py").write_text(code)
    policy = Policy.of(limits, writable=[inside])
    start = (
        "import sys; from ml.confinement.kernel import confine; from ml.confinement.policy import Policy;"
        "confine(Policy.from_json(sys.argv.pop(1))); exec(open(sys.argv.pop(1)).read())"
    )
    command = [sys.executable, "-c", start, policy.to_json(), str(inside / "attempt.py"), *map(str, arguments)]
    environment = confined_environment(policy)
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


@pytest.fixture
def inside(tmp_path: Path) -> Path:
    folder = tmp_path / "inside"
    folder.mkdir()
    return folder


@pytest.mark.skipif(bool(confinement_gaps()), reason="this kernel has no Landlock or no seccomp")
def test_a_confined_process_reads_changes_starts_and_reaches_nothing_of_ours(inside: Path, tmp_path: Path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = confined(PROGRAM, inside, outside, server.getsockname()[1], os.getpid(), inside=inside)
    assert result.returncode == 0, result.stderr
    can = {what for what, does in json.loads(result.stdout).items() if does}
    assert can == {"reads its own", "moves its own", "reads Python's own", "starts threads", "signals itself"}


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("held = bytearray(1024**3)", 1),
        ("open(sys.argv[1] + '/large', 'wb').write(bytes(2 * 1024**2))", -signal.SIGXFSZ),
        ("while True: pass", -signal.SIGXCPU),
    ],
)
def test_memory_files_and_processor_time_are_limited(code: str, status: int, inside: Path):
    limits = Limits(memory_bytes=256 * 1024**2, processor_s=1, file_bytes=1024**2)
    restore = "import signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_DFL)\n"
    result = confined(restore + code, inside, inside=inside, limits=limits)
    assert result.returncode == status, result.stderr
    assert status != 1 or "MemoryError" in result.stderr


def test_a_kernel_without_either_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ml.confinement.kernel.landlock_version", lambda: 0)
    monkeypatch.setattr("ml.confinement.kernel.has_seccomp", lambda: False)
    assert confinement_gaps() == [FILES, NETWORK]


def test_an_unknown_machine_has_no_filter(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ml.confinement.seccomp.architecture", lambda: "")
    assert not seccomp.has_seccomp()
    assert not seccomp.restrict_calls()


def verdict(machine: str, number: int, *arguments: int, audit: int | None = None) -> int:
    """What the filter of process 42 returns, executed as the kernel does."""
    words = {0: number, 4: ARCHITECTURES[machine][0] if audit is None else audit}
    words |= {16 + 8 * at: value for at, value in enumerate(arguments)}
    program = seccomp.filter_program(machine, 42)
    loaded = at = 0
    while True:
        code, yes, no, constant = program[at]
        at += 1
        match code:
            case 0x20:
                loaded = words.get(constant, 0)
            case 0x06:
                return constant
            case _:
                holds = {0x15: loaded == constant, 0x35: loaded >= constant, 0x45: bool(loaded & constant)}[code]
                at += yes if holds else no


@pytest.mark.parametrize("machine", sorted(ARCHITECTURES))
def test_the_filter_of_each_machine_decides_by_number_and_argument(machine: str):
    allowed, refused, absent, killed = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
    number = {
        name: checked_number(machine, name) for name in ("clone", "clone3", "kill", "tgkill", "prlimit64", "ioctl")
    }
    assert {verdict(machine, refuse) for refuse in refused_numbers(machine)} == {refused}
    assert verdict(machine, {"x86_64": 0, "aarch64": 63}[machine]) == allowed  # read
    assert verdict(machine, 0, audit=0x40000003) == killed  # 32 bits
    assert verdict(machine, 0x40000000 | 41) == refused
    assert verdict(machine, number["clone"], 0x00010000) == allowed
    assert verdict(machine, number["clone"], 0x11) == refused
    assert verdict(machine, number["clone3"]) == absent
    for name in ("kill", "tgkill"):
        assert [verdict(machine, number[name], of) for of in (42, 41, 0, 2**32 - 1)] == [allowed, *[refused] * 3]
    assert [verdict(machine, number["prlimit64"], of) for of in (0, 42, 41)] == [allowed, allowed, refused]
    assert [verdict(machine, number["ioctl"], 1, of) for of in (0x5401, 0x5412, 0x541C)] == [allowed, refused, refused]
