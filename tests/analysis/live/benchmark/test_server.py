"""The real server, with real sockets: readings arrive, and the server's restart is survived."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.factories.media import make_recording

ROOT = Path(__file__).resolve().parents[4]

SCRIPT = """
import asyncio, django, json, sys
django.setup()
from analysis.live import messages
from analysis.live.benchmark.browsers import Candidate, Host, Tally, connect
from analysis.live.benchmark.server import rooms_seed, server

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
def environment_of(prepared: Path, tmp_path: Path) -> Callable[[str], dict[str, str]]:
    """``environment_of(name)``: that of an embedded installation of its own in a folder of this name."""

    def make(name: str) -> dict[str, str]:
        folder = Path(shutil.copytree(prepared, tmp_path / name))
        return {
            **os.environ,
            **{"DJANGO_SETTINGS_MODULE": "interviewplatform.settings", "PYTHONPATH": str(ROOT), "LIVE_WORKERS": "1"},
            **{"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "SECRET_KEY": ""},
            **{"MEDIA_ROOT": f"{folder}/media", "REDIS_URL": "", "ALLOWED_HOSTS": "localhost,127.0.0.1"},
        }

    return make


def test_after_a_restart_of_the_server_the_same_session_goes_on(tmp_path, environment_of, jpeg):
    (tmp_path / "frame.jpg").write_bytes(jpeg())
    result = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "frame.jpg")],
        cwd=ROOT,
        env=environment_of("installation"),
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    first, second = json.loads(re.search(r"COUNTS (.*)", result.stdout)[1])
    assert second >= first + 10  # what was read before the restart is still counted


@pytest.fixture
def video(tmp_path: Path) -> Path:
    return make_recording(tmp_path / "face.mp4", duration_s=2.0)


def test_the_benchmark_measures_the_real_server(video, environment_of):
    """In an installation that is prepared already; the command makes an empty one, whose migrations take seconds."""
    result = subprocess.run(
        [
            *(sys.executable, "manage.py", "benchmark_live", str(video), "--inside"),
            *("--sessions", "2", "--fps", "5", "--seconds", "3", "--json", "-"),
        ],
        cwd=ROOT,
        env=environment_of("candor-benchmark-test"),
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


@pytest.mark.parametrize("status", [0, 1])
def test_the_benchmark_starts_itself_in_an_empty_installation(video, monkeypatch, status):
    started = []

    def run(command, *, env):
        folder = Path(env["VAR_DIR"])
        started.append(folder)
        assert command[:2] == [sys.executable, sys.argv[0]]
        assert command[-1] == "--inside"
        assert list(folder.iterdir()) == []
        assert (env["DATABASE_URL"], env["MEDIA_ROOT"]) == (f"sqlite:///{folder}/db.sqlite3", f"{folder}/media")
        assert (env["SECRET_KEY"], env["REDIS_URL"]) == ("", "")
        return subprocess.CompletedProcess(command, status)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setenv("DATABASE_URL", "postgres://of.somebody/else")
    with pytest.raises(CommandError, match="did not run to its end") if status else nullcontext():
        call_command("benchmark_live", str(video))
    assert not started[0].exists()


def test_inside_is_for_an_installation_of_the_benchmark_alone(video):
    with pytest.raises(CommandError, match="by the command itself"):
        call_command("benchmark_live", str(video), "--inside")
