"""Real PostgreSQL and Redis servers, each on a free port of this machine, gone after the tests."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_BIN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _running(command: list[str], **options: object) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _redis() -> Iterator[str]:
    port = _free_port()
    options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--requirepass", "tests-only"]
    with _running(["redis-server", "--port", str(port), *options]):
        yield f"redis://:tests-only@127.0.0.1:{port}/0"


@contextmanager
def _postgresql() -> Iterator[str]:
    """PostgreSQL refuses to run as root, so root lends it to the account that Debian's package made."""
    port, binaries = _free_port(), POSTGRES_BIN[-1]
    account = {}
    with tempfile.TemporaryDirectory(prefix="candor-postgresql-") as folder:
        if os.geteuid() == 0:
            person = pwd.getpwnam("postgres")
            os.chown(folder, person.pw_uid, person.pw_gid)
            account = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
        data = f"{folder}/data"
        subprocess.run(
            [binaries / "initdb", "-D", data, "-U", "candor", "--auth=trust", "-E", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **account,
        )
        options = ["-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", folder, "-F"]
        with _running([binaries / "postgres", *options], cwd=folder, **account):
            yield f"postgres://candor@127.0.0.1:{port}/postgres"


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a deployed installation, migrated and with the model versions listed."""
    if not shutil.which("redis-server"):
        pytest.skip("redis-server is not installed")
    if not POSTGRES_BIN:
        pytest.skip("PostgreSQL is not installed")
    folder = tmp_path_factory.mktemp("deployment")
    with ExitStack() as servers:
        environment = {
            **os.environ,
            "DATABASE_URL": servers.enter_context(_postgresql()),
            "REDIS_URL": servers.enter_context(_redis()),
            "CANDOR_MODE": "deployed",
            "EMAIL_URL": "smtp://mail.example:25",
            "MEDIA_KEYS": "uN0x3Zt1eW5rYH7qkJ2vQm9sLp4cDf6gTb8nXa0iVyE=",
            "SECRET_KEY": "tests-only-" + "k9" * 30,
            "ALLOWED_HOSTS": "candor.example,localhost,127.0.0.1",
            "VAR_DIR": str(folder / "var"),
            "PYTHONWARNINGS": "ignore",
        }
        for attempt in range(40):
            migrated = subprocess.run(
                [sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, capture_output=True, text=True
            )
            if migrated.returncode == 0 or "Connection refused" not in migrated.stderr or attempt == 39:
                break
        assert migrated.returncode == 0, migrated.stderr[-2000:]
        yield environment


@pytest.fixture
def worker(deployment: dict[str, str]) -> Iterator[subprocess.Popen]:
    command = [sys.executable, "-m", "celery", "-A", "interviewplatform", "worker", "-Q", "analysis", "-c", "1"]
    with _running(command, cwd=ROOT, env=deployment) as process:
        yield process
