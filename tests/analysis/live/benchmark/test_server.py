"""The real server, with real sockets: readings arrive, and the server's restart is survived."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.factories.media import make_recording

ROOT = Path(__file__).resolve().parents[4]

SCRIPT = """
import asyncio, django, json, sys
django.setup()
from django.core.management import call_command
from analysis.live import messages
from analysis.live.benchmark.browsers import Candidate, Host, Tally, connect
from analysis.live.benchmark.server import rooms_seed, server

call_command("sync_model_versions", verbosity=0)
[room] = rooms_seed(1)
jpeg = open(sys.argv[1], "rb").read()

async def visit(port):
    tally = Tally(counting=True)
    path = f"/ws/rooms/{room.room_id}/"
    host = await connect(Host, port, path + "recruiter/", room.host_cookie, tally)
    candidate = await connect(Candidate, port, path + "candidate/", room.candidate_cookie, tally)
    candidate.send_message(messages.StageReached("call"))
    filming = asyncio.create_task(candidate.film([jpeg], 10, 0))
    async with asyncio.timeout(90):
        while host.summary is None or len(tally.ages) < 20:
            await asyncio.sleep(0.05)
    filming.cancel()
    return host.summary

seen = []
for _ in range(2):
    with server() as running:
        seen.append(asyncio.run(visit(running.port)))
counts = [sum(one.distributions["eye_gaze"].counts.values()) for one in seen]
print("COUNTS", json.dumps(counts))
"""


@pytest.fixture
def installation_of_its_own(tmp_path: Path) -> dict[str, str]:
    """Environment of an empty embedded installation."""
    return {
        **os.environ,
        **{"DJANGO_SETTINGS_MODULE": "interviewplatform.settings", "PYTHONPATH": str(ROOT), "LIVE_WORKERS": "1"},
        **{"VAR_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3", "SECRET_KEY": ""},
        **{"MEDIA_ROOT": f"{tmp_path}/media", "REDIS_URL": "", "ALLOWED_HOSTS": "localhost,127.0.0.1"},
    }


def test_after_a_restart_of_the_server_the_same_session_goes_on(migrated, tmp_path, installation_of_its_own, jpeg):
    shutil.copytree(migrated, tmp_path, dirs_exist_ok=True)
    (tmp_path / "frame.jpg").write_bytes(jpeg())
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "frame.jpg")],
        cwd=ROOT,
        env=installation_of_its_own,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    first, second = json.loads(re.search(r"COUNTS (.*)", result.stdout)[1])
    assert second >= first + 10  # what was read before the restart is still counted


def test_the_benchmark_measures_the_real_server(tmp_path, installation_of_its_own):
    video = make_recording(tmp_path / "face.mp4", duration_s=2.0)
    result = subprocess.run(
        [
            *(sys.executable, "manage.py", "benchmark_live", str(video)),
            *("--sessions", "2", "--fps", "5", "--seconds", "3", "--json", "-"),
        ],
        cwd=ROOT,
        env=installation_of_its_own,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    figures = json.loads(result.stdout[result.stdout.index("{") :])
    assert figures["readings"] >= 10
    assert figures["connections_lost"] == 0
    assert figures["p50_age_ms"] <= figures["p95_age_ms"]
    assert {"analysed", "dropped", "control_p95_ms", "rss_mb", "cpu_s"} <= figures.keys()
