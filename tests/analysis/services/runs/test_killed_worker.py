"""A real worker, killed in the middle of a real recording: another one picks the run up and finishes it."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.factories.media import make_recording

ROOT = Path(__file__).resolve().parents[4]
WORKER = ["-m", "celery", "-A", "interviewplatform", "worker", "-Q", "analysis", "-c", "1", "--loglevel", "WARNING"]
PREPARE = """
import django, sys
django.setup()
from django.core.files import File
from analysis.services import run_request
from interviews.services.consent import consent_record
from interviews.models import Candidate, Interview, Organization, Recording, User
organization = Organization.objects.create(name="Northwind", slug="northwind", jurisdiction="elsewhere")
alice = User.objects.create_user("alice@northwind.example", "correct horse battery", full_name="Alice Archer")
candidate = Candidate.objects.create(organization=organization, name="Dana Diaz", email="dana@mail.example")
interview = Interview.objects.create(organization=organization, candidate=candidate, owner=alice,
    purpose="research", candidate_jurisdiction="elsewhere")
recording = Recording(interview=interview, uploaded_by=alice, original_name="interview.mp4", sha256="0" * 64,
    size_bytes=1, container="mov", duration_s=6.0, fps=10.0, width=320, height=240, has_audio=True)
with open(sys.argv[1], "rb") as file:
    recording.file.save("recordings/interview.mp4", File(file))
consent_record(interview=interview, answers=dict.fromkeys(("face", "eyes", "voice"), (True, "Agreed.")), how="room")
run_request(recording=recording, by=alice)
"""
REAP = "import django; django.setup(); from analysis.services import runs_reap; runs_reap()"


class Installation:
    """A database and a queue of its own, as ``make run`` has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        unwanted = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MEDIA_ROOT"}
        self.environment = {key: value for key, value in os.environ.items() if key not in unwanted} | {
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "interviewplatform.settings",
            "PYTHONWARNINGS": "ignore",
        }

    def python(self, code: str, *arguments: str) -> None:
        command = [sys.executable, "-c", code, *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, timeout=180, capture_output=True)

    @contextmanager
    def worker(self) -> Iterator[Callable[..., None]]:
        """A worker; what it yields kills it with everything it started, at once, or asks it to stop."""
        with (self.folder / "worker.log").open("a") as log:
            process = subprocess.Popen(
                [sys.executable, *WORKER],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

            def kill(*, politely: bool = False) -> None:
                if process.poll() is None:
                    if politely:
                        process.terminate()
                    else:
                        os.killpg(process.pid, signal.SIGKILL)
                    process.wait(30)

            try:
                yield kill
            finally:
                kill()

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database, database:
            return database.execute(statement, values).fetchall()

    def wait_for(self, status: str, *, limit_s: float = 180) -> tuple[Any, ...]:
        limit = time.monotonic() + limit_s
        while True:
            row = self.sql("SELECT status, attempts, failure_reason FROM analysis_analysisrun")[0]
            if row[0] == status:
                return row
            waiting = row[0] in ("queued", "running") and time.monotonic() < limit
            assert waiting, f"{row}\n{(self.folder / 'worker.log').read_text()}"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def queued(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with one queued run."""
    folder = Path(shutil.copytree(prepared, tmp_path_factory.mktemp("queued"), dirs_exist_ok=True))
    recording = make_recording(tmp_path_factory.mktemp("recording") / "interview.mp4", duration_s=6.0)
    Installation(folder).python(PREPARE, str(recording))
    return folder


@pytest.fixture
def installation(queued: Path, tmp_path: Path) -> Installation:
    return Installation(Path(shutil.copytree(queued, tmp_path / "var")))


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are of Unix")
def test_a_run_survives_the_death_of_its_worker(installation):
    with installation.worker() as kill:
        installation.wait_for("running")
        kill()
    assert installation.sql("SELECT status, attempts FROM analysis_analysisrun") == [("running", 1)]

    # Half a minute of silence later (the test moves the last sign of life instead of waiting):
    installation.sql("UPDATE analysis_analysisrun SET heartbeat_at = datetime('now', '-31 seconds')")
    installation.python(REAP)
    with installation.worker():
        assert installation.wait_for("succeeded") == ("succeeded", 2, "")
    assert installation.sql("SELECT COUNT(*) FROM analysis_modalityresult") == [(4,)]
    assert installation.sql("SELECT COUNT(*) FROM analysis_metricresult") == [(3,)], "one is off by policy"
    assert len(list((installation.folder / "media" / "timelines").rglob("*.json.gz"))) == 1


def test_a_worker_that_is_told_to_stop_hands_its_run_back(installation):
    with installation.worker() as kill:
        installation.wait_for("running")
        kill(politely=True)
    assert installation.sql("SELECT status, attempts, claim FROM analysis_analysisrun") == [("queued", 0, None)]
