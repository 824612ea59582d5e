"""The server under load: Candor's web process with a separate, empty installation, and its resource use."""

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from analysis.live.benchmark.processes import WEB, children, cpu_s, program_of, rss_mb
from interviews.models import Candidate, ConsentEvent, Interview, Invitation, Membership, Organization, Room, User
from interviews.policy import Jurisdiction, Purpose
from interviews.selectors.rooms import GRANTS, key_sha256
from interviews.services.consent import consent_record

ROOT: Final = Path(__file__).resolve().parents[3]
START_S: Final = 60.0
PLATFORM_START_S: Final = 300.0
"""All programs start at once, on a machine that may be busy."""


@dataclass(frozen=True)
class Seeded:
    """A live room, and the cookies with which its candidate and its host enter."""

    room_id: str
    candidate_cookie: str
    host_cookie: str


def rooms_seed(count: int) -> list[Seeded]:
    """Live rooms whose candidates agreed to everything, in the (empty) database of this process."""
    organization = Organization.objects.create(name="Benchmark", slug="benchmark", jurisdiction=Jurisdiction.ELSEWHERE)
    host = User.objects.create(email="host@benchmark.example", full_name="Host")
    Membership.objects.create(user=host, organization=organization)
    host_cookie = _cookie(
        {
            SESSION_KEY: str(host.pk),
            BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend",
            HASH_SESSION_KEY: host.get_session_auth_hash(),
        }
    )
    return [_room_seed(organization, host, host_cookie, number) for number in range(count)]


def _room_seed(organization: Organization, host: User, host_cookie: str, number: int) -> Seeded:
    email = f"candidate-{number}@benchmark.example"
    candidate = Candidate.objects.create(organization=organization, name=f"Candidate {number}", email=email)
    interview = Interview.objects.create(
        organization=organization,
        candidate=candidate,
        owner=host,
        purpose=Purpose.RESEARCH,
        candidate_jurisdiction=Jurisdiction.ELSEWHERE,
    )
    now = timezone.now()
    room = Room.objects.create(
        interview=interview, host=host, status=Room.Status.LIVE, opened_at=now, recording_started_at=now
    )
    answers = dict.fromkeys(ConsentEvent.Purpose.values, (True, "Benchmark."))
    consent_record(interview=interview, answers=answers, how=ConsentEvent.How.ROOM)
    invitation = Invitation.objects.create(
        room=room,
        token_sha256=f"{number:064d}",
        expires_at=now + timedelta(days=1),
        created_by=host,
        browser_sha256=key_sha256(str(number)),
    )
    grant = {"invitation": str(invitation.pk), "key": str(number)}
    return Seeded(str(room.pk), _cookie({GRANTS: {str(room.pk): grant}}), host_cookie)


def _cookie(data: dict[str, Any]) -> str:
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update(data)
    store.save()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


class Server:
    """The web process and the workers that it starts; memory in MB, processor time in seconds (Linux only)."""

    def __init__(self, pid: int, port: int) -> None:
        """``pid`` of the web process."""
        self.port = port
        self._pid = pid

    def memory_mb(self) -> dict[str, float]:
        web = rss_mb(self._pid)
        workers = sum(rss_mb(pid) for pid in children(self._pid))
        return {"web": round(web, 1), "workers": round(workers, 1), "total": round(web + workers, 1)}

    def cpu_s(self) -> dict[str, float]:
        web = cpu_s(self._pid)
        workers = sum(cpu_s(pid) for pid in children(self._pid))
        return {"web": web, "workers": workers, "total": web + workers}


@contextmanager
def server() -> Iterator[Server]:
    """A running server on a free port of this machine; raises ``RuntimeError`` when it does not come up."""
    port = _free_port()
    command = [
        *(sys.executable, "-m", "interviewplatform.web_server", "-v", "0"),
        *("-b", "127.0.0.1", "-p", str(port), "interviewplatform.asgi:application"),
    ]
    with _running(command, port, within_s=START_S) as process:
        yield Server(process.pid, port)


@contextmanager
def platform() -> Iterator[tuple[int, Server]]:
    """All programs of an installation: the process of their supervisor, and the server. Raises as :func:`server`."""
    port = _free_port()
    command = [sys.executable, "manage.py", "run_platform", "--no-demo", "--host", "127.0.0.1", "--port", str(port)]
    with _running(command, port, within_s=PLATFORM_START_S) as process:
        web = next(pid for pid in children(process.pid) if program_of(pid) == WEB)
        yield process.pid, Server(web, port)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def _running(command: list[str], port: int, *, within_s: float) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, cwd=ROOT, stdout=sys.stderr)
    try:
        _wait_for(port, process, within_s)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(port: int, process: subprocess.Popen[bytes], within_s: float) -> None:
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("The server did not come up; its lines above say why.")
