"""What a confined process can no longer do, asked of the kernel itself: no hook of Python's is in the way here."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import ctypes, json, os, socket, subprocess, sys
from pathlib import Path
from ml.imports.confinement import confine
inside, outside = Path(sys.argv[1]), Path(sys.argv[2])
parent = Path(f"/proc/{os.getppid()}/environ")
if not confine(readable=[Path("ml").resolve()], writable=[inside]):
    sys.exit(77)
def fails(attempt):
    try: attempt()
    except PermissionError: return True
    except OSError as error: return str(error)
    return False
print(json.dumps({
    "reads its own": not fails(lambda: (inside / "mine").write_text("x") and (inside / "mine").read_text()),
    "moves its own": not fails(lambda: ((inside / "folder").mkdir(), (inside / "mine").rename(inside / "folder/mine"))),
    "reads others": not fails(lambda: (outside / "secret").read_text()),
    "reads settings": not fails(lambda: Path("manage.py").read_text()),
    "reads its parent's environment": not fails(parent.read_bytes),
    "writes elsewhere": not fails(lambda: (outside / "made").write_text("x")),
    "changes the code": not fails(lambda: Path("ml/imports/errors.py").open("a")),
    "starts programs": not fails(lambda: subprocess.run(["/usr/bin/env"], capture_output=True)),
    "starts programs from native code": ctypes.CDLL(None).system(b"touch " + bytes(inside / "touched")) == 0,
    "connects": not fails(lambda: socket.create_connection(("127.0.0.1", int(sys.argv[3])), timeout=5)),
    "reads Python's own": not fails(lambda: Path(json.__file__).read_text()),
}))
"""


def test_a_confined_process_reads_changes_starts_and_reaches_nothing_of_ours(tmp_path: Path):
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("secret")
    with socket.create_server(("127.0.0.1", 0)) as server:
        result = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(inside), str(outside), str(server.getsockname()[1])],
            cwd=ROOT, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    if result.returncode == 77:
        pytest.skip("this kernel has no Landlock")
    assert result.returncode == 0, result.stderr
    can = {what for what, does in json.loads(result.stdout).items() if does}
    assert can == {"reads its own", "moves its own", "reads Python's own"}
